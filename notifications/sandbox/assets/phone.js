"use strict";
const live = document.getElementById("live");
const form = document.getElementById("reply");
const said = document.getElementById("said");
let shown = "";

function toBottom() {
  live.scrollTop = live.scrollHeight;
}

// Only what differs is replaced: a screen reader then speaks the new message, and not all of them again.
function show(html) {
  const fresh = document.createElement("div");
  fresh.innerHTML = shown = html;
  const now = [...fresh.children];
  while (live.children.length > now.length) live.lastElementChild.remove();
  now.forEach((one, place) => {
    const before = live.children[place];
    if (!before) live.append(one);
    else if (before.outerHTML !== one.outerHTML) before.replaceWith(one);
  });
}

async function refresh() {
  const answer = await fetch(location.pathname + "?part=1");
  const html = await answer.text();
  if (html === shown || !answer.ok) return;
  const atBottom = live.scrollHeight - live.scrollTop - live.clientHeight < 80;
  show(html);
  if (atBottom) toBottom();
}

async function tick() {
  try {
    if (!document.hidden) await refresh();
    if (said.dataset.lost) said.textContent = said.dataset.lost = "";
  } catch {
    said.textContent = said.dataset.lost = "The sandbox does not answer. Trying again…";
  }
  setTimeout(tick, 1000);
}

async function send() {
  const { phone, text } = Object.fromEntries(new FormData(form));
  const body = JSON.stringify({ phone, text });
  const answer = await fetch(form.action, { method: "POST", body });
  if (!answer.ok) throw new Error((await answer.json()).message);
  form.reset();
  said.textContent = "";
  await refresh();
  toBottom();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await send();
  } catch (error) {
    said.textContent = "Not sent: " + error.message;
  }
});

toBottom();
tick();
