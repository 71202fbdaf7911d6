// Simulated time, told by the page and carried on here: clocks, up times, progress and what is left of it.

const ORIGIN = { simulated: Number(document.body.dataset.now), real: performance.now(), rate: Number(document.body.dataset.rate) };

/** The simulated time in milliseconds since the epoch. */
export function now() {
  return ORIGIN.simulated + (performance.now() - ORIGIN.real) * ORIGIN.rate;
}

/** Take over the server's time from a newer page. */
export function correct(body) {
  if (!body.dataset.now) return;
  ORIGIN.simulated = Number(body.dataset.now);
  ORIGIN.rate = Number(body.dataset.rate);
  ORIGIN.real = performance.now();
}

/** A span as the server writes it (`dressing.span`). */
export function span(milliseconds) {
  const seconds = Math.floor(Math.max(milliseconds, 0) / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const [d, h, m, s] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  if (d) return `${d} d ${two(h)}:${two(m)}:${two(s)}`;
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function show() {
  const at = now();
  for (const element of document.querySelectorAll("[data-up]")) {
    // Whole seconds of both, as the SOAP interface counts them.
    write(element, span((Math.floor(at / 1000) - Math.floor(Number(element.dataset.up) / 1000)) * 1000));
  }
  for (const element of document.querySelectorAll("[data-left]")) write(element, span(Number(element.dataset.left) - at + 999));
  for (const element of document.querySelectorAll("progress[data-from]")) element.value = Math.min(Math.max(at - Number(element.dataset.from), 0), element.max);
  for (const clock of document.querySelectorAll("[data-clock] time")) write(clock, new Date(at).toISOString().slice(0, 19).replace("T", " ") + " UTC");
}

/** Keep every time on the page right, four times a second. */
export function tick() {
  if (!document.body.dataset.now) return;
  show();
  setInterval(show, 250);
}
