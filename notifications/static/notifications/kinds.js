// The editor of a kind: rows that are added, moved and removed, a name for programs from the label, and how samples read.
// Without this the page works too: it has empty rows, a place and a tick to remove on each.

const rowsOf = (section) => [...section.querySelectorAll("[data-row]")];
const fieldOf = (row, name) => row.querySelector(`[name$="-${name}"]`);
const isBlank = (row) => ["name", "sample", "meaning"].every((name) => !fieldOf(row, name).value);

function number(section) {
  rowsOf(section).forEach((row, place) => { fieldOf(row, "ORDER").value = place + 1; });
}

function say(section, words) {
  section.querySelector("[data-said]").textContent = words;
}

function move(section, row, by) {
  const visible = rowsOf(section).filter((one) => !one.hidden);
  const other = visible[visible.indexOf(row) + by];
  if (!other) return;
  other[by < 0 ? "before" : "after"](row);
  number(section);
  row.querySelector(by < 0 ? "[data-up]" : "[data-down]").focus();
  say(section, `${fieldOf(row, "name").value || "The variable"} is at place ${visible.indexOf(other) + 1} now.`);
}

function toggle(section, row) {
  const tick = fieldOf(row, "DELETE");
  tick.checked = !tick.checked;
  mark(row);
  const name = fieldOf(row, "name").value || "The variable";
  say(section, tick.checked ? `${name} is removed when you save.` : `${name} stays.`);
}

function mark(row) {
  const isRemoved = fieldOf(row, "DELETE").checked;
  const button = row.querySelector("[data-remove]");
  row.classList.toggle("is-removed", isRemoved);
  button.textContent = isRemoved ? "↩" : "✕";
  button.title = isRemoved ? "Keep it" : "Remove";
  button.setAttribute("aria-label", button.title);
}

function add(section) {
  const waiting = rowsOf(section).find((row) => row.hidden);
  const row = waiting || made(section);
  row.hidden = false;
  section.querySelector(".rows").append(row);
  number(section);
  fieldOf(row, "name").focus();
}

function made(section) {
  const total = section.querySelector('[name$="-TOTAL_FORMS"]');
  const html = section.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
  total.value = Number(total.value) + 1;
  const holder = document.createElement("div");
  holder.innerHTML = html;
  const row = holder.querySelector("[data-row]");
  ready(section, row);
  return row;
}

function readLater(section, row) {
  clearTimeout(row.reading);
  row.reading = setTimeout(() => read(section, row), 250);
}

async function read(section, row) {
  const asked = new URLSearchParams({ kind: fieldOf(row, "kind").value, sample: fieldOf(row, "sample").value });
  const answer = await fetch(`${section.dataset.reads}?${asked}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer || !answer.ok) return;
  const { reads, why } = await answer.json();
  const words = row.querySelector("[data-reads-as]");
  words.textContent = why || (reads && `reads ${reads}`);
  words.classList.toggle("is-wrong", Boolean(why));
}

function ready(section, row) {
  row.querySelectorAll(".by-hand").forEach((one) => { one.hidden = true; });
  row.querySelector(".by-button").hidden = false;
  row.querySelector("[data-up]").addEventListener("click", () => move(section, row, -1));
  row.querySelector("[data-down]").addEventListener("click", () => move(section, row, 1));
  row.querySelector("[data-remove]").addEventListener("click", () => toggle(section, row));
  fieldOf(row, "sample").addEventListener("input", () => readLater(section, row));
  fieldOf(row, "kind").addEventListener("change", () => read(section, row));
  mark(row);
}

function readyRows(section) {
  const rows = rowsOf(section);
  rows.forEach((row) => ready(section, row));
  const blank = rows.filter((row) => isBlank(row) && !row.classList.contains("is-wrong"));
  blank.slice(blank.length === rows.length ? 1 : 0).forEach((row) => { row.hidden = true; });
  number(section);
  const button = section.querySelector("[data-add]");
  button.hidden = false;
  button.addEventListener("click", () => add(section));
}

// Milk price → milk_price, until the name was written by hand.
const slug = (label) => label.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "").slice(0, 64);

function suggest() {
  const label = document.querySelector("#id_label");
  const code = document.querySelector("#id_code");
  if (!label || !code || code.value) return;
  let byHand = false;
  code.addEventListener("input", () => { byHand = code.value !== ""; });
  label.addEventListener("input", () => { if (!byHand) code.value = slug(label.value); });
}

// Marketing is turned off by the switch for offers, unless somebody chose another.
function follow() {
  const switches = document.querySelectorAll('input[name="preference"]');
  let byHand = Boolean(document.querySelector("#texts"));
  switches.forEach((one) => one.addEventListener("change", () => { byHand = true; }));
  document.querySelectorAll('input[name="category"]').forEach((one) => one.addEventListener("change", () => {
    if (byHand) return;
    const wanted = one.value === "marketing" ? "promotional" : "order";
    switches.forEach((each) => { each.checked = each.value === wanted; });
  }));
}

function readyCopy(box) {
  const button = box.querySelector("[data-copy]");
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(box.querySelector("pre").textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-rows]").forEach(readyRows);
  document.querySelectorAll(".copyable").forEach(readyCopy);
  suggest();
  follow();
});
