"use strict";
const live = document.getElementById("live");
const form = document.getElementById("controls");
const said = document.getElementById("said");
let shown = "";

async function refresh() {
  const answer = await fetch("/?part=1");
  const html = await answer.text();
  if (answer.ok && html !== shown) live.innerHTML = shown = html;
}

async function tick() {
  try {
    if (!document.hidden) await refresh();
  } catch {
    said.textContent = "The sandbox does not answer. Trying again…";
  }
  setTimeout(tick, 1500);
}

function show(settings) {
  for (const field of form.elements) {
    if (!(field.name in settings)) continue;
    if (field.type === "checkbox") field.checked = settings[field.name];
    else field.value = settings[field.name];
  }
}

function asked() {
  const fields = [...form.elements].filter((field) => field.name);
  return Object.fromEntries(fields.map((field) => [field.name, valueOf(field)]));
}

function valueOf(field) {
  if (field.type === "checkbox") return field.checked;
  return field.type === "number" ? Number(field.value) : field.value;
}

async function call(method, path, value) {
  const body = value && JSON.stringify(value);
  try {
    const answer = await fetch(path, { method, body });
    const result = await answer.json();
    said.textContent = answer.ok ? "Done." : result.message;
    if (path.endsWith("settings") && answer.ok) show(result);
    await refresh();
  } catch {
    said.textContent = "The sandbox does not answer.";
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  call("PUT", "/sandbox/settings", asked());
});
document.getElementById("restore").onclick = () => call("DELETE", "/sandbox/settings");
document.getElementById("forget").onclick = () => {
  if (confirm("Forget every message?")) call("DELETE", "/sandbox/messages");
};
tick();
