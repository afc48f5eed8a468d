// A form of filters: choosing one shows the list at once, and what was left empty stays out of the address.
"use strict";

for (const form of document.querySelectorAll("form[data-filters]")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      if (field.name && !field.value) field.disabled = true;
    }
  });
  form.addEventListener("change", (event) => {
    if (event.target.tagName === "SELECT") form.requestSubmit();
  });
}

// On a phone the list comes before the filters that made it.
if (window.matchMedia("(max-width: 640px)").matches) {
  for (const more of document.querySelectorAll("form[data-filters] details")) more.open = false;
}

// Whoever comes back by the browser's button finds the fields usable again.
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[data-filters] :disabled")) field.disabled = false;
});
