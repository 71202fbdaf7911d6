// Puts an example of its parameters beside the effect that is chosen, unless somebody has written something else there.

/** Let selections with examples fill the field that they name. */
export function examples() {
  for (const select of document.querySelectorAll("select[data-examples]")) {
    const field = document.getElementById(select.dataset.examples);
    const known = new Set([...select.options].map((option) => option.dataset.example));
    select.addEventListener("change", () => {
      if (!field.value.trim() || known.has(field.value)) field.value = select.selectedOptions[0].dataset.example;
    });
  }
}
