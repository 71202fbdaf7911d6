// Keeps the page true: when the server tells of a change, the page is asked for again and the parts that differ are put in.

import { correct } from "./time.js";

const PATIENCE = 150; // milliseconds in which several events count as one
const FALLBACK = 5000; // how often to look while the stream is not there

const seen = new Map();
let waiting = null;
let asking = false;
let again = false;

function parts(root) {
  return root.querySelectorAll("[data-live][id]");
}

function version(part) {
  return part.dataset.live || part.innerHTML;
}

function remember(root) {
  seen.clear();
  for (const part of parts(root)) seen.set(part.id, version(part));
}

/** Puts `fresh` in the place of `stale`, without taking ticks or the focus away. */
function exchange(stale, fresh) {
  const ticked = new Set([...stale.querySelectorAll("input:checked")].map((box) => box.value));
  const focused = stale.contains(document.activeElement) ? document.activeElement : null;
  const open = new Set([...stale.querySelectorAll("details[open][id]")].map((one) => one.id));
  const put = document.importNode(fresh, true);
  for (const box of put.querySelectorAll("input[type=checkbox]")) box.checked = ticked.has(box.value);
  for (const one of put.querySelectorAll("details[id]")) if (open.has(one.id)) one.open = true;
  stale.replaceWith(put);
  if (focused) {
    const label = focused.getAttribute("aria-label");
    const alike = [...put.querySelectorAll("button, a, input")].find((one) => label ? one.getAttribute("aria-label") === label : one.outerHTML === focused.outerHTML);
    (alike || document.getElementById("content")).focus({ preventScroll: true });
  }
}

function say(words) {
  if (words.length) document.getElementById("spoken").textContent = words.join(". ");
}

function put(page) {
  // A page that has nothing in common with this one is another page: the node has gone away, or come back.
  if (![...parts(page)].some((part) => seen.has(part.id))) { location.reload(); return; }
  const words = [];
  for (const fresh of parts(page)) {
    const stale = document.getElementById(fresh.id);
    if (!stale || seen.get(fresh.id) === version(fresh)) continue;
    seen.set(fresh.id, version(fresh));
    if (fresh.dataset.spoken && fresh.dataset.spoken !== stale.dataset.spoken) words.push(fresh.dataset.spoken);
    exchange(stale, fresh);
  }
  correct(page.body);
  say(words);
}

async function look() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    const answer = await fetch(location.href, { headers: { "X-Live": "1" }, redirect: "error" });
    if (answer.status === 401) { location.reload(); return; }
    put(new DOMParser().parseFromString(await answer.text(), "text/html"));
    document.getElementById("offline").hidden = true;
  } catch {
    document.getElementById("offline").hidden = false;
  } finally {
    asking = false;
    if (again) { again = false; soon(); }
  }
}

/** Look before long, once for all who ask meanwhile. */
export function soon() {
  if (waiting === null) waiting = setTimeout(() => { waiting = null; look(); }, PATIENCE);
}

/** Follow the server's events as long as the page is open. */
export function follow() {
  const address = document.body.dataset.stream;
  if (!address || parts(document).length === 0) return;
  remember(document);
  const stream = new EventSource(address);
  let fallback = null;
  const steady = () => { clearInterval(fallback); fallback = null; };
  stream.onopen = () => { steady(); soon(); };
  stream.onerror = () => { fallback ??= setInterval(soon, FALLBACK); };
  const { cluster, node, types } = document.body.dataset;
  const concerns = ({ data }) => [[cluster, data.cluster], [node, data.node]].every(([here, there]) => !here || !there || here === there);
  for (const type of types.split(" ")) stream.addEventListener(type, (event) => { if (concerns(JSON.parse(event.data))) soon(); });
  // What moves with time alone is drawn anew now and then.
  const again = document.querySelector("[data-again]");
  if (Number(again?.dataset.again)) setInterval(() => { if (!document.hidden) soon(); }, Number(again.dataset.again));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
}
