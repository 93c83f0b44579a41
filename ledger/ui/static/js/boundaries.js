// The ends of the claim at hand, in the text: dragged, or moved by keys, seen at once and kept by Enter.
//
// Handles are sliders: a screen reader says where they are and in which words. The panel's buttons do the
// same (data-action extend-left …), so that keys reach it from anywhere. Nothing is sent before Enter.

import { wordsOf } from "./words.js";

const ACTIONS = {
  "extend-left": ["start", -1],
  "shrink-left": ["start", 1],
  "shrink-right": ["end", -1],
  "extend-right": ["end", 1],
};

export function boundaries() {
  const text = document.getElementById("text");
  const panel = document.getElementById("panel");
  if (!text?.dataset.select || !panel || !globalThis.Intl?.Segmenter) return;
  const ends = document.createElement("div");
  ends.className = "ends";
  const handles = { start: handle("start", "Start of the claim"), end: handle("end", "End of the claim") };
  ends.append(handles.start, handles.end);
  const bar = saveBar();
  text.parentElement.style.setProperty("position", "relative");
  text.after(ends);
  document.body.append(bar.element);

  let form = null; // where the claim's new place is sent
  let key = null; // which claim it is of, and in which version
  let pending = null; // what is not kept yet, while the panel is fetched anew
  let kept = null; // where it stands
  let now = null; // where it would stand
  let words = null;
  let back = null; // the handle that has the focus again once the answer is there
  let dragged = null;

  look();
  document.addEventListener("ledger:current", () => queueMicrotask(look));
  document.addEventListener("htmx:after:swap", look);
  // Whoever puts other marks into the text: offsets stay, and the elements that they were counted in are gone.
  new MutationObserver(() => { words = null; draw(); }).observe(text, { childList: true, subtree: true });
  new MutationObserver(() => { if (form !== document.getElementById("move-form")) look(); }).observe(panel, { childList: true });
  new ResizeObserver(() => draw()).observe(text);
  document.fonts?.ready.then(() => draw());

  // The claim at hand, as the panel tells it. What is not kept yet stays while the claim stays what it was,
  // also when its part of the page is fetched anew.
  function look() {
    if (changed()) pending = { key, now };
    form = document.getElementById("move-form");
    key = form && `${form.action} ${form.elements.version.value}`;
    const here = form && form.dataset.revision === text.dataset.revision && panel.querySelector(".case")?.dataset.claim === panel.dataset.claim;
    kept = here ? { start: Number(form.dataset.start), end: Number(form.dataset.end) } : null;
    now = kept && { ...(pending?.key === key ? pending.now : kept) };
    if (kept) pending = null;
    draw();
    if (back && kept) handles[back].focus({ preventScroll: true });
    if (kept) back = null;
  }

  function read() {
    return (words ??= wordsOf(text));
  }

  function draw() {
    const shown = now && text.offsetParent && read().ranges(now.start, now.end);
    ends.hidden = !shown?.length;
    globalThis.CSS?.highlights?.delete("boundaries");
    globalThis.CSS?.highlights?.delete("left-out");
    bar.element.hidden = true;
    ends.classList.toggle("moving", Boolean(changed()));
    if (ends.hidden) return;
    place(handles.start, shown[0], "start");
    place(handles.end, shown.at(-1), "end");
    tell();
    if (changed()) preview(shown);
  }

  function changed() {
    return now && (now.start !== kept.start || now.end !== kept.end);
  }

  function preview(shown) {
    if (globalThis.Highlight && CSS.highlights) {
      CSS.highlights.set("boundaries", new Highlight(...shown));
      const out = [...read().ranges(kept.start, Math.min(now.start, kept.end)), ...read().ranges(Math.max(now.end, kept.start), kept.end)];
      CSS.highlights.set("left-out", new Highlight(...out));
    }
    bar.show(shortened(read().words(now.start, now.end)), form.hasAttribute("data-settled"), dragged ? null : shown.at(-1));
  }

  // At the outer edge of the claim's first or last line: in one of mixed directions its characters don't tell.
  function place(handle, range, end) {
    const at = end === "start" ? read().ranges(now.start, now.start + 1)[0] : read().ranges(now.end - 1, now.end).at(-1);
    const line = (at ?? range).getBoundingClientRect();
    const middle = line.top + line.height / 2;
    const boxes = [...range.getClientRects()].filter((box) => box.width > 0 && box.top < middle && box.bottom > middle);
    const right = (end === "start") === (getComputedStyle(text).direction === "rtl");
    const x = boxes.length ? Math[right ? "max" : "min"](...boxes.map((box) => (right ? box.right : box.left))) : line.left;
    const origin = ends.getBoundingClientRect();
    handle.style.setProperty("left", `${x - origin.left}px`);
    handle.style.setProperty("top", `${line.bottom - origin.top}px`);
    handle.style.setProperty("--line-height", `${Math.round(line.height)}px`);
  }

  function tell() {
    const { first, last } = read().bounds;
    const said = read().words(now.start, now.end);
    for (const [end, handle] of Object.entries(handles)) {
      handle.setAttribute("aria-valuemin", first);
      handle.setAttribute("aria-valuemax", last);
      handle.setAttribute("aria-valuenow", now[end]);
      handle.setAttribute("aria-valuetext", end === "start" ? `begins “${said.slice(0, 60)}”` : `ends “${said.slice(-60)}”`);
    }
  }

  function set(end, at) {
    if (end === "start" ? at >= now.end : at <= now.start) return;
    now[end] = at;
    draw();
  }

  function step(end, way, kind = end) {
    if (!now) return;
    let at = read().step(now[end], way, kind);
    // A word's own end may stand where only its beginning was a stop, or the other way round.
    if (end === "start" ? at >= now.end : at <= now.start) at = now[end];
    set(end, at);
    say();
  }

  function say() {
    const said = document.getElementById("said");
    if (said && changed()) said.textContent = `“${shortened(read().words(now.start, now.end), 200)}”. Enter keeps it, Escape restores.`;
  }

  function save() {
    if (!changed()) return;
    back = Object.keys(handles).find((end) => handles[end] === document.activeElement) ?? null;
    form.elements.start.value = now.start;
    form.elements.end.value = now.end;
    form.elements.exact.value = "";
    form.requestSubmit();
  }

  function restore() {
    now = kept && { ...kept };
    pending = null;
    draw();
    const said = document.getElementById("said");
    if (said) said.textContent = "The claim's words are as they were.";
  }

  bar.save.addEventListener("click", save);
  bar.restore.addEventListener("click", restore);

  // Selected words, as the new place: kept at once, unless a signature is at stake.
  document.addEventListener("ledger:boundaries", (event) => {
    if (!now) return;
    now = { start: event.detail.start, end: event.detail.end };
    draw();
    if (changed() && !form.hasAttribute("data-settled")) save();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-action]");
    const action = button && ACTIONS[button.dataset.action];
    if (!action || !now || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    event.stopPropagation();
    step(...action, event.shiftKey ? "letter" : undefined);
  }, true);

  document.addEventListener("keydown", (event) => {
    if (!changed() || event.isComposing || event.target.closest?.("input, textarea, select, [contenteditable], dialog")) return;
    const inside = event.target.closest?.("button, summary") && !ends.contains(event.target);
    if (event.key === "Enter" && !inside) save();
    else if (event.key === "Escape") restore();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  function handle(end, label) {
    const element = document.createElement("div");
    element.className = "end";
    element.tabIndex = 0;
    element.setAttribute("role", "slider");
    element.setAttribute("aria-label", label);
    element.dataset.end = end;
    element.addEventListener("keydown", (event) => {
      const rtl = getComputedStyle(text).direction === "rtl";
      const way = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      step(end, way, event.shiftKey ? "letter" : end);
    });
    element.addEventListener("pointerdown", (event) => grip(event, element, end));
    return element;
  }

  function grip(event, element, end) {
    if (event.button) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    const box = element.getBoundingClientRect();
    // The knob hangs below its line: what counts is the point in the line above it.
    const up = event.clientY - box.top + parseFloat(getComputedStyle(element).getPropertyValue("--line-height")) / 2;
    const aside = event.clientX - (box.left + box.width / 2);
    dragged = end;
    document.documentElement.classList.add("dragging");
    const move = (moved) => {
      const at = read().at(moved.clientX - aside, moved.clientY - up);
      if (at !== null) set(end, read().nearest(at, moved.shiftKey || moved.altKey ? "letter" : end));
    };
    const stop = (stopped) => {
      dragged = null;
      document.documentElement.classList.remove("dragging");
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", stop);
      element.removeEventListener("pointercancel", stop);
      if (stopped.type === "pointercancel") return restore();
      draw();
      say();
    };
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", stop);
    element.addEventListener("pointercancel", stop);
  }
}

function shortened(words, most = 56) {
  const line = words.replace(/\s+/g, " ").trim();
  const half = Math.floor(most / 2);
  return [...line].length <= most ? line : `${[...line].slice(0, half).join("")} … ${[...line].slice(-half).join("")}`;
}

function saveBar() {
  const element = document.createElement("div");
  element.className = "pick";
  element.hidden = true;
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "New boundaries");
  const words = document.createElement("span");
  words.className = "pick-words";
  words.dir = "auto";
  const warn = document.createElement("span");
  warn.className = "pick-warn";
  warn.textContent = "The signed verdict turns stale by this.";
  const save = button("Save", "Enter");
  const restore = button("Restore", "Esc");
  element.append(words, save, restore, warn);

  function show(shown, settled, range) {
    words.textContent = shown;
    warn.hidden = !settled;
    element.hidden = false;
    if (range) beside(element, range.getBoundingClientRect(), 34);
    else element.hidden = true;
  }

  return { element, save, restore, show };
}

export function button(label, key) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button small";
  made.textContent = label;
  if (key) {
    const sign = document.createElement("kbd");
    sign.textContent = key;
    sign.setAttribute("aria-hidden", "true");
    made.append(" ", sign);
  }
  return made;
}

// Below a box of the page, inside the window's sides.
export function beside(element, box, below = 8) {
  const room = document.documentElement.clientWidth;
  const width = element.offsetWidth;
  const left = Math.max(8, Math.min(box.left + box.width / 2 - width / 2, room - width - 8));
  element.style.setProperty("left", `${left + scrollX}px`);
  element.style.setProperty("top", `${box.bottom + scrollY + below}px`);
}
