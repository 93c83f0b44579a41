// Check-worthy sentences without an entry are underlined faintly. The page does not wait for them, as weighing
// a long text takes a while; and it stays as it is, as the browser paints them over its ranges.

import { lines, within } from "./offsets.js";

const NAME = "uncovered";

export function coverage() {
  const text = document.getElementById("text");
  const button = document.getElementById("coverage");
  if (!text || !button || !globalThis.Highlight || !CSS.highlights) return;
  button.hidden = false;
  let on = remembered() !== "off";
  let spans = null;
  show();
  (globalThis.requestIdleCallback ?? setTimeout)(load);

  button.addEventListener("click", () => {
    on = !on;
    try { localStorage.setItem("coverage", on ? "on" : "off"); } catch { /* it holds for this page, then */ }
    if (on && !spans) load();
    show();
  });
  // A claim made, dismissed or reopened covers a sentence, or leaves one bare.
  let later;
  for (const kind of ["htmx:after:swap", "ledger:changed"]) {
    document.addEventListener(kind, (event) => {
      const { ctx } = event.detail ?? {};
      if (ctx && ctx.target?.id !== "panel") return;
      clearTimeout(later);
      later = setTimeout(load, 800);
    });
  }

  async function load() {
    if (!on) return;
    const answer = await fetch(button.dataset.from).catch(() => null);
    if (!answer?.ok) return;
    spans = await answer.json();
    show();
  }

  function show() {
    button.setAttribute("aria-pressed", String(on));
    if (spans) button.querySelector("span").textContent = spans.length ? `Coverage: ${spans.length} left` : "Coverage";
    if (!on || !spans) {
      CSS.highlights.delete(NAME);
      return;
    }
    CSS.highlights.set(NAME, new Highlight(...ranges(text, spans)));
  }
}

function ranges(text, spans) {
  const all = lines(text);
  const found = [];
  let first = 0;
  for (const [start, end] of spans) {
    while (first < all.length && all[first].end <= start) first += 1;
    for (let at = first; at < all.length && all[at].start < end; at += 1) {
      const range = within(all[at], start, end);
      if (range) found.push(range);
    }
  }
  return found;
}

function remembered() {
  try { return localStorage.getItem("coverage"); } catch { return null; }
}
