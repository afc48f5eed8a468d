// The editor of a text: asks the server how it looks while somebody types, and keeps the last good answer.
"use strict";

(() => {
  const editor = document.getElementById("text-editor");
  const area = document.getElementById("id_content");
  if (!editor || !area) return;

  const TYPING = 150; // milliseconds without a key, before the server is asked
  const RESTING = 1200; // the same, before real messages are tried
  const SPEAKING = 1000; // and before what changed is said aloud
  const WATCHED = [1, 1, 2, 2, 3, 5, 5, 10, 10, 15, 30]; // seconds between looks at a test

  const piece = (name) => document.querySelector(`[data-piece="${name}"]`);
  const field = (name) => editor.querySelector(`[name="${name}"]`);
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
  const underlines = editor.querySelector(".underlines");
  let marks = [];

  function asked() {
    const body = new FormData();
    body.append("content", area.value);
    for (const name of ["kind", "language"]) body.append(name, field(name) ? field(name).value : "");
    return body;
  }

  async function post(address, body, accept) {
    const headers = { "X-CSRFToken": token(), Accept: accept };
    return fetch(address, { method: "POST", body, headers, credentials: "same-origin" });
  }

  function later(wait, work) {
    let timer;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(work, wait);
    };
  }

  // --- Places in the text: the server counts characters, the browser counts halves of them ---

  function placed(mark) {
    const lines = area.value.split("\n");
    const before = lines.slice(0, mark.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
    const letters = Array.from(lines[mark.line - 1] || "");
    const from = before + letters.slice(0, mark.column - 1).join("").length;
    const length = letters.slice(mark.column - 1, mark.column - 1 + mark.length).join("").length;
    return { from, to: from + length, error: mark.is_error };
  }

  function underline() {
    if (!underlines) return;
    const text = area.value;
    const places = marks.map(placed).filter((place) => place.to > place.from);
    places.sort((one, other) => one.from - other.from);
    underlines.replaceChildren();
    let done = 0;
    for (const place of places) {
      if (place.from < done) continue;
      underlines.append(text.slice(done, place.from));
      const mark = document.createElement("mark");
      mark.className = place.error ? "is-error" : "is-warning";
      mark.textContent = text.slice(place.from, place.to);
      underlines.append(mark);
      done = place.to;
    }
    underlines.append(`${text.slice(done)}\n`);
  }

  function fit() {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }

  // --- Asking ---

  let turn = 0;
  let shownFor = editor.dataset.around; // the kind and the language that the rest of the page stands for

  async function preview() {
    const mine = ++turn;
    const body = asked();
    const now = `${body.get("kind")} ${body.get("language")}`;
    if (shownFor !== now) body.append("surroundings", "yes");
    try {
      const answer = await post(editor.dataset.preview, body, "application/json");
      if (!answer.ok) throw new Error(answer.status);
      const told = await answer.json();
      if (mine !== turn) return;
      show(told);
      shownFor = now;
    } catch {
      if (mine === turn) speak("The server did not answer, so the bubble is an older one. Keep writing: it is tried again.");
      if (mine === turn) stale(true, "The server did not answer: this is how it last looked.");
    }
  }

  function stale(is, words = "This is how it last looked. The text has a mistake now.") {
    const told = editor.querySelector(".stale");
    told.hidden = !is;
    told.textContent = words;
    piece("bubble").classList.toggle("is-stale", is);
  }

  function show(told) {
    for (const name of ["faults", "count"]) piece(name).innerHTML = told[name];
    for (const name of ["picker", "beside", "tabs"]) {
      if (told[name] !== undefined) piece(name).innerHTML = told[name];
    }
    if (told.bubble !== null) piece("bubble").innerHTML = told.bubble;
    const language = field("language");
    if (language) piece("bubble").lang = area.lang = language.value;
    const empty = !area.value.trim();
    if (empty) piece("bubble").innerHTML = '<p class="no-bubble">There is no message to show yet.</p>';
    stale(told.bubble === null && !empty);
    marks = told.marks;
    underline();
    wakeUp();
    sum(told);
  }

  const spoken = document.getElementById("spoken");
  let words = "";
  const speakSoon = later(SPEAKING, () => {
    if (spoken.textContent !== words) spoken.textContent = words;
  });

  function speak(said) {
    words = said;
    speakSoon();
  }

  function sum(told) {
    const mistakes = told.marks.filter((mark) => mark.is_error).length;
    const others = told.marks.length - mistakes;
    const count = piece("count").querySelector("span").textContent;
    const first = told.marks.length ? ` First: ${told.marks[0].message}` : "";
    speak(`${count}. ${mistakes ? "It has a mistake." : "No mistakes."} ${others ? `${others} to improve.` : ""}${first}`);
  }

  const real = document.getElementById("real");
  let rehearsed = null;

  async function rehearse(again) {
    const body = asked();
    const what = JSON.stringify([...body]);
    if (!body.get("kind") || !area.value.trim() || (!again && what === rehearsed)) return;
    rehearsed = what;
    const answer = await post(editor.dataset.rehearse, body, "text/html").catch(() => null);
    if (what !== rehearsed) return;
    const place = real.querySelector(".answer");
    if (answer && answer.ok) place.innerHTML = await answer.text();
    else place.textContent = "The server did not answer. Try it again.";
  }

  const previewSoon = later(TYPING, preview);
  const rehearseSoon = later(RESTING, () => rehearse(false));

  function changed() {
    fit();
    marks = [];
    underline();
    previewSoon();
    rehearseSoon();
  }

  // --- Writing ---

  function put(words, from, to) {
    area.focus();
    area.setSelectionRange(from, to);
    // The old command is the only one that leaves the browser's undo whole.
    if (!document.execCommand("insertText", false, words)) {
      area.setRangeText(words, from, to, "end");
      changed();
    }
  }

  function around(mark) {
    const { selectionStart: from, selectionEnd: to } = area;
    const chosen = area.value.slice(from, to);
    const tail = chosen.length - chosen.trimEnd().length;
    const inner = chosen.trim();
    const head = inner ? chosen.indexOf(inner) : 0;
    put(`${chosen.slice(0, head)}${mark}${inner}${mark}${tail && inner ? chosen.slice(-tail) : ""}`, from, to);
    const start = from + head + mark.length;
    area.setSelectionRange(start, start + inner.length);
  }

  function go(index) {
    const mark = marks[index];
    if (!mark) return;
    const place = placed(mark);
    area.focus();
    area.setSelectionRange(place.from, place.to);
  }

  function wakeUp() {
    const begin = piece("beside").querySelector("[data-start-from]");
    if (begin && !area.readOnly) begin.hidden = Boolean(area.value.trim());
  }

  editor.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.fault !== undefined) go(Number(button.dataset.fault));
    if (area.readOnly) return;
    if (button.dataset.insert) put(button.dataset.insert, area.selectionStart, area.selectionEnd);
    if (button.dataset.mark) around(button.dataset.mark);
    if (button.dataset.startFrom !== undefined) {
      put(button.parentElement.querySelector(".other-text").textContent, 0, area.value.length);
    }
  });

  area.addEventListener("keydown", (event) => {
    const mark = { b: "*", i: "_" }[event.key.toLowerCase()];
    if (!mark || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || area.readOnly) return;
    event.preventDefault();
    around(mark);
  });

  // --- A test ---

  const test = document.getElementById("test");
  let watch = 0;

  async function send(button) {
    const told = test.querySelector(".answer");
    const body = asked();
    body.append("to", field("to").value);
    button.disabled = true;
    told.textContent = "One moment…";
    const answer = await post(editor.dataset.test, body, "application/json").catch(() => null);
    button.disabled = false;
    if (!answer) told.textContent = "The server did not answer. Try it again.";
    else if (answer.status === 403) told.textContent = "You may not send tests: it takes the right to change texts.";
    else {
      const sent = await answer.json().catch(() => ({ error: "The server could not do it. Tell an engineer." }));
      if (sent.error) told.textContent = sent.error;
      else follow(sent, ++watch, 0);
    }
  }

  function follow(sent, mine, looks) {
    if (mine !== watch) return;
    const told = test.querySelector(".answer");
    const state = document.createElement("span");
    state.className = `status is-${sent.status}`;
    state.textContent = sent.label;
    told.replaceChildren(state, `${sent.words} `);
    if (sent.page) {
      const link = document.createElement("a");
      link.href = sent.page;
      link.textContent = "What happened";
      told.append(link);
    }
    if (!sent.goes_on || looks >= WATCHED.length) return;
    setTimeout(async () => {
      const answer = await fetch(sent.status_at, { headers: { Accept: "application/json" } }).catch(() => null);
      follow(answer && answer.ok ? await answer.json() : sent, mine, looks + 1);
    }, WATCHED[looks] * 1000);
  }

  if (test && test.querySelector("button")) {
    test.querySelector("button").addEventListener("click", (event) => {
      event.preventDefault();
      send(event.currentTarget);
    });
  }

  // --- Leaving: what was written and not saved is asked about ---

  const saved = editor.dataset.refused ? null : area.defaultValue;
  let isSaving = false;
  area.form.addEventListener("submit", () => { isSaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!isSaving && !area.readOnly && area.value !== saved) event.preventDefault();
  });

  // --- Beginning ---

  const toolbar = editor.querySelector(".toolbar");
  if (toolbar) toolbar.hidden = false;
  if (real) {
    real.hidden = false;
    real.querySelector("button").addEventListener("click", () => rehearse(true));
  }
  area.addEventListener("input", changed);
  for (const name of ["kind", "language"]) {
    const chosen = field(name);
    if (chosen && chosen.tagName === "SELECT") chosen.addEventListener("change", changed);
  }
  area.setSelectionRange(area.value.length, area.value.length); // what is picked first goes to the end
  new ResizeObserver(fit).observe(editor);
  changed();
})();
