// A button that puts what it names on the clipboard, and says so.
"use strict";

for (const button of document.querySelectorAll("button[data-copy]")) {
  const words = button.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      button.textContent = button.dataset.copy; // no clipboard: at least it can be marked
    }
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}
