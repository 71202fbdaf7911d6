// Check boxes: how many are ticked, and, in Service Activation, what ticking one brings with it.

function control(form) {
  const told = form.querySelector("[data-ticked]");
  const count = () => {
    const ticked = form.querySelectorAll("input[name=service]:checked").length;
    told.textContent = ticked ? `${ticked} ticked` : "";
  };
  form.addEventListener("change", count);
  count();
}

function activation(form) {
  const told = form.querySelector("[data-ticked]");
  const all = [...form.querySelectorAll("input[name=service]")];
  const bySlug = new Map(all.map((box) => [box.value, box]));
  const label = (box) => box.labels[0].textContent;
  const count = () => {
    const pulled = new Map();
    for (const box of all) {
      if (!box.checked || "active" in box.dataset) continue;
      for (const slug of (box.dataset.brings || "").split(" ").filter(Boolean)) {
        if (!pulled.has(slug)) pulled.set(slug, []);
        pulled.get(slug).push(label(box));
      }
    }
    let up = 0, down = 0;
    for (const box of all) {
      const why = pulled.get(box.value);
      const comes = why && !box.checked && !("active" in box.dataset);
      box.closest("li").querySelector("[data-pulled]").textContent = comes ? `Will be activated too: ${why.join(", ")} depends on it.` : "";
      if (box.disabled) continue;
      if ((box.checked || comes) && !("active" in box.dataset)) up += 1;
      if (!box.checked && "active" in box.dataset) down += 1;
    }
    told.textContent = [up && `${up} to activate`, down && `${down} to deactivate`].filter(Boolean).join(", ");
  };
  form.addEventListener("change", count);
  form.addEventListener("click", (event) => {
    const kind = event.target.dataset?.tick;
    if (!kind) return;
    event.preventDefault();
    const wanted = { default: (box) => "default" in box.dataset, all: () => true, undo: (box) => "active" in box.dataset }[kind];
    for (const box of all) if (!box.disabled) box.checked = wanted(box);
    count();
  });
  count();
}

/** Give the forms with check boxes their counters and shortcuts. */
export function boxes() {
  const services = document.getElementById("control");
  if (services) control(services);
  const features = document.getElementById("activation");
  if (features) activation(features);
}
