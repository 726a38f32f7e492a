// A form that stands over the page while somebody fills it in folds when they turn to anything else; what was typed stays.
const OPEN = "details.run-form[open]";

function foldBut(target) {
  for (const form of document.querySelectorAll(OPEN)) if (!form.contains(target)) form.open = false;
}

export function setUpUnfolded() {
  document.addEventListener("pointerdown", ({ target }) => foldBut(target));
  document.addEventListener("focusin", ({ target }) => foldBut(target));
  document.addEventListener("keydown", (event) => {
    const form = document.querySelector(OPEN);
    if (event.key !== "Escape" || !form || event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    form.open = false;
    form.querySelector("summary").focus();
  });
}
