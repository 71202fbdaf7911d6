// Shows the page that asks back in a dialog instead of in place of the one that it is about.

function ask(form, submitter) {
  const sent = new FormData(form, submitter);
  return fetch(form.action, { method: "POST", body: new URLSearchParams(sent) });
}

function show(dialog, page) {
  const question = page.getElementById("question");
  const heading = document.createElement("h2");
  heading.id = "dialog-heading";
  heading.textContent = page.querySelector("h1").textContent;
  dialog.replaceChildren(heading, document.importNode(question, true));
  dialog.querySelector("[data-close]").addEventListener("click", (event) => { event.preventDefault(); dialog.close(); });
  dialog.showModal();
  (dialog.querySelector("button.main") || dialog.querySelector("[data-close]")).focus();
}

/** Let forms that may be asked back about do so without leaving the page. */
export function asking() {
  const dialog = document.getElementById("dialog");
  for (const form of document.querySelectorAll("form[data-confirm]")) {
    form.addEventListener("submit", async (event) => {
      if (event.submitter?.dataset.tick) return;
      event.preventDefault();
      form.setAttribute("aria-busy", "true");
      try {
        const answer = await ask(form, event.submitter);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (page.getElementById("question")) show(dialog, page);
        else location.assign(answer.url);
      } catch {
        form.submit();
      } finally {
        form.removeAttribute("aria-busy");
      }
    });
  }
}
