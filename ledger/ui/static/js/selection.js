// Select words in the article, and a small bar offers what can be done with them: a new claim, the new
// boundaries of the claim at hand, or a quote for its evidence.
//
// Offsets count Unicode code points of the article's text. A browser counts UTF-16 units of what it
// shows, so the way from one to the other is: the text before the point, inside its own line of the
// article (whose offset the page gives), spread into code points and counted.

import { beside, button } from "./boundaries.js";
import { whole, wordsOf } from "./words.js";

export function selection() {
  const text = document.getElementById("text");
  if (!text?.dataset.select) return;
  const bar = document.createElement("div");
  bar.className = "pick";
  bar.hidden = true;
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Selected words");
  const link = document.createElement("a");
  link.className = "button small";
  link.textContent = "New claim";
  const extend = button("Make this the claim's words");
  const quote = button("Evidence says this");
  bar.append(link, extend, quote);
  document.body.append(bar);
  let place = null;
  fromMarks(text);

  function offer() {
    place = chosen(text);
    bar.hidden = !place;
    if (!place) return;
    const address = new URL(text.dataset.select, location.href);
    address.search = new URLSearchParams({ start: place.start, end: place.end, exact: place.exact, revision: text.dataset.revision });
    link.href = address;
    const form = document.getElementById("move-form");
    extend.hidden = !form;
    if (form) extend.firstChild.data = wording(form, place);
    quote.hidden = !document.querySelector('#panel [data-action="evidence"]');
    beside(bar, place.range.getBoundingClientRect());
  }

  function done() {
    getSelection().removeAllRanges();
    bar.hidden = true;
    place = null;
  }

  // At once and in place; without htmx, or in a new tab, the link leads to a page that does the same.
  link.addEventListener("click", (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || !globalThis.htmx || !document.getElementById("panel")) return;
    event.preventDefault();
    const { start, end, exact } = place;
    done();
    document.dispatchEvent(new CustomEvent("ledger:taking"));
    globalThis.htmx.ajax("POST", text.dataset.select.replace(/\/new$/, ""), {
      target: "#panel",
      swap: "innerHTML",
      values: { start, end, exact, revision_id: text.dataset.revision, claim: document.getElementById("panel").dataset.claim ?? "" },
    });
  });

  extend.addEventListener("click", () => {
    const { start, end } = place;
    done();
    document.dispatchEvent(new CustomEvent("ledger:boundaries", { detail: { start, end } }));
  });

  quote.addEventListener("click", () => {
    const words = place.range.toString().trim();
    done();
    document.querySelector('#panel [data-action="evidence"]')?.click();
    document.dispatchEvent(new CustomEvent("ledger:quote", { detail: { text: words } }));
  });

  let later;
  let pressed = false; // the bar must not come under a pointer that is still selecting
  const soon = () => {
    clearTimeout(later);
    if (!pressed) later = setTimeout(offer, 120);
  };
  document.addEventListener("selectionchange", soon);
  text.addEventListener("mousedown", (event) => { pressed = !event.button; });
  document.addEventListener("mouseup", () => {
    if (!pressed) return;
    pressed = false;
    soon();
  });
  // A press on the bar must not take the selection away before it is used.
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !bar.hidden) done();
  });
}

// Browsers begin no selection inside a link but drag the link away; and marks are links, and cover much of a text.
function fromMarks(text) {
  let from = null;
  // Neither the link nor the words just selected are dragged away.
  text.addEventListener("dragstart", (event) => { if (from) event.preventDefault(); });
  text.addEventListener("mousedown", (event) => {
    from = null;
    const mark = event.target.closest?.(".mark");
    if (!mark || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    getSelection().removeAllRanges();
    from = caret(event);
  });
  document.addEventListener("mousemove", (event) => {
    if (!from) return;
    if (!(event.buttons & 1)) return void (from = null);
    const to = caret(event);
    if (to && text.contains(to.node)) getSelection().setBaseAndExtent(from.node, from.offset, to.node, to.offset);
  });
  document.addEventListener("mouseup", () => { from = null; });
}

function caret({ clientX, clientY }) {
  if (document.caretPositionFromPoint) {
    const at = document.caretPositionFromPoint(clientX, clientY);
    return at && { node: at.offsetNode, offset: at.offset };
  }
  const range = document.caretRangeFromPoint?.(clientX, clientY);
  return range && { node: range.startContainer, offset: range.startOffset };
}

function wording(form, place) {
  const start = Number(form.dataset.start);
  const end = Number(form.dataset.end);
  if (place.start <= start && place.end >= end) return "Extend this claim";
  if (place.start >= start && place.end <= end) return "Shrink this claim";
  return "Move this claim";
}

// Where the selected words stand in the article's text, without the white space around them.
export function chosen(text) {
  const selected = getSelection();
  if (!selected.rangeCount || selected.isCollapsed) return null;
  const range = selected.getRangeAt(0);
  const lines = [...text.querySelectorAll("[data-start]")].filter((line) => range.intersectsNode(line));
  const pieces = lines.map((line) => inside(line, range)).filter((piece) => piece.words.trim());
  if (!pieces.length) return null;
  const first = pieces[0];
  const last = pieces[pieces.length - 1];
  const from = first.start + count(first.words) - count(first.words.trimStart());
  const to = last.end - (count(last.words) - count(last.words.trimEnd()));
  const [start, end] = globalThis.Intl?.Segmenter ? whole(wordsOf(text), from, to) : [from, to];
  // The server compares the words with its text; across paragraphs only it knows what stands between.
  const exact = pieces.length === 1 && start === from && end === to ? first.words.trim() : "";
  return { start, end, exact, range };
}

function inside(line, range) {
  const part = document.createRange();
  part.selectNodeContents(line);
  if (line.contains(range.startContainer)) part.setStart(range.startContainer, range.startOffset);
  if (line.contains(range.endContainer)) part.setEnd(range.endContainer, range.endOffset);
  const before = document.createRange();
  before.selectNodeContents(line);
  before.setEnd(part.startContainer, part.startOffset);
  const start = Number(line.dataset.start) + count(before.toString());
  const words = part.toString();
  return { start, end: start + count(words), words };
}

function count(words) {
  return [...words].length;
}
