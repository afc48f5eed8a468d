"use strict";
const live = document.getElementById("live");
const form = document.getElementById("reply");
const said = document.getElementById("said");
let shown = "";

function toBottom() {
  live.scrollTop = live.scrollHeight;
}

async function refresh() {
  const answer = await fetch(location.pathname + "?part=1");
  const html = await answer.text();
  if (html === shown || !answer.ok) return;
  const atBottom = live.scrollHeight - live.scrollTop - live.clientHeight < 80;
  live.innerHTML = shown = html;
  if (atBottom) toBottom();
}

async function tick() {
  try {
    if (!document.hidden) await refresh();
    said.textContent = "";
  } catch {
    said.textContent = "The sandbox does not answer. Trying again…";
  }
  setTimeout(tick, 1000);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const phone = document.querySelector("[data-phone]").dataset.phone;
  const body = JSON.stringify({ phone, text: form.elements.text.value });
  try {
    const answer = await fetch("/sandbox/reply", { method: "POST", body });
    if (!answer.ok) throw new Error((await answer.json()).message);
    form.reset();
    await refresh();
    toBottom();
  } catch (error) {
    said.textContent = "Not sent: " + error.message;
  }
});

toBottom();
tick();
