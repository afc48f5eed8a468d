// Makes every page reachable without a mouse and readable aloud, where the look's own markup does not.
// It goes by rules, not by pages: what comes later, by htmx or by "Add another", is treated alike.
"use strict";

(() => {
  const NAMES = { // what an icon's button does, by the icon's name
    dock_to_right: "Menu",
    close: "Close",
    filter_list: "Filters",
    unfold_more: "My account",
    expand_more: "More",
    arrow_back: "Go back",
    delete: "Remove",
    drag_indicator: "Move",
    search: "Search",
    wb_twilight: "Today",
  };
  const NATIVE = "a[href], button, input, select, textarea, summary, label, [role=button], [tabindex]";
  const FIELDS = "input:not([type=hidden], [type=submit], [type=button]), select, textarea";

  const words = (element) => (element ? element.textContent.trim().replace(/\s+/g, " ") : "");

  const nameOf = (element) => {
    if (element.getAttribute("aria-label") || element.title) return "";
    const icon = element.matches(".material-symbols-outlined")
      ? element : element.querySelector(".material-symbols-outlined");
    const said = icon && icon !== element ? words(element).replace(words(icon), "").trim() : "";
    return icon && !said ? NAMES[words(icon)] || words(icon).replaceAll("_", " ") : "";
  };

  const press = (event) => {
    if (event.target !== event.currentTarget || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.currentTarget.click();
  };

  // What only a mouse could press: the menu's switch, the account's menu, the themes, the filters.
  const asButton = (element) => {
    if (element.matches(NATIVE) || element.querySelector(NATIVE)) return;
    if (!element.matches("a, .cursor-pointer, .material-symbols-outlined")) return;
    element.setAttribute("role", "button");
    element.tabIndex = 0;
    element.addEventListener("keydown", press);
    const name = nameOf(element);
    if (name) element.setAttribute("aria-label", name);
  };

  const labelled = (field) => field.labels?.length || field.getAttribute("aria-label")
    || field.getAttribute("aria-labelledby") || field.title;

  // The words at a field that has no label: its column's heading, its row's label, what it hints at.
  const wordsAt = (field) => {
    const cell = field.closest("td");
    const head = cell?.closest("table")?.querySelector("thead tr")?.children[cell.cellIndex];
    const label = field.closest("[data-label]")?.dataset.label || words(head)
      || words(field.closest(".form-row, .field-row, fieldset, p, li")?.querySelector("label, legend, h3"));
    return label || field.placeholder || field.name;
  };

  const label = (field) => {
    if (!labelled(field)) field.setAttribute("aria-label", wordsAt(field));
  };

  // select2 draws a box of its own over a select, and gives it no name.
  const nameBox = (box) => {
    const select = box.closest(".select2-container")?.previousElementSibling;
    if (!select?.matches("select")) return;
    const name = select.labels?.length ? words(select.labels[0]) : select.getAttribute("aria-label") || wordsAt(select);
    for (const part of [box, ...box.querySelectorAll("[role=textbox], input")]) part.setAttribute("aria-label", name);
    box.removeAttribute("aria-labelledby");
  };

  const nameRegion = (region) => {
    const menu = region.closest("#nav-sidebar, #nav-sidebar-apps");
    const filters = region.closest("#changelist-filter");
    const group = words(region.closest("fieldset[aria-labelledby]")?.querySelector("h2, h3, legend"));
    region.setAttribute("aria-label", menu ? "Menu" : filters ? "Filters" : group ? `Table: ${group}` : "Table");
  };

  // A button that is only an icon would be read as nothing, once the icon's own name is not.
  const nameIcon = (icon) => {
    const button = icon.closest("a[href], button");
    const name = button && nameOf(button);
    if (name) button.setAttribute("aria-label", name);
    if (icon.getAttribute("role") !== "button") icon.setAttribute("aria-hidden", "true");
  };

  const each = (root, selector, act) => {
    if (root.matches?.(selector)) act(root);
    root.querySelectorAll?.(selector).forEach(act);
  };

  const treat = (root) => {
    each(root, "[x-on\\:click]", asButton);
    each(root, FIELDS, label);
    each(root, ".select2-selection", nameBox);
    each(root, ".simplebar-content-wrapper[role=region]", nameRegion);
    each(root, ".material-symbols-outlined", nameIcon);
    each(root, "span.help-tooltip[aria-label]", (hint) => hint.setAttribute("role", "img"));
  };

  const landmarks = () => {
    const main = document.getElementById("main") || document.getElementById("page");
    if (!main || document.querySelector("main, [role=main]")) return;
    main.setAttribute("role", "main");
    main.tabIndex = -1;
    const skip = document.createElement("a");
    skip.className = "skip";
    skip.href = `#${main.id}`;
    skip.textContent = "Skip the menu";
    document.body.prepend(skip);
  };

  document.addEventListener("DOMContentLoaded", () => {
    landmarks();
    treat(document);
    new MutationObserver((changes) => {
      for (const change of changes) change.addedNodes.forEach((node) => node.nodeType === 1 && treat(node));
    }).observe(document.body, { childList: true, subtree: true });
  });
})();
