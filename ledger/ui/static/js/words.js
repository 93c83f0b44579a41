// Words of the article's text: where they begin and end, in offsets, and where a point of the page stands.
//
// Offsets count Unicode code points; a browser counts UTF-16 units (see offsets.js).

import { lines, within } from "./offsets.js";

export function wordsOf(text) {
  const language = text.closest("[lang]")?.lang || undefined;
  const split = segmenter(language, "word");
  const one = segmenter(language, "grapheme");
  const all = lines(text);
  const stops = new Map();

  // The places of a line where a word begins or ends, or where one character ends and the next begins.
  function stopsOf(line, kind) {
    const known = stops.get(line) ?? {};
    stops.set(line, known);
    return (known[kind] ??= kind === "letter" ? letters(line, one) : words(line, split, kind));
  }

  return {
    // The next stop after an offset, or before it; the offset itself where there is none.
    step(at, way, kind) {
      const order = way > 0 ? all : all.toReversed();
      for (const line of order) {
        if (way > 0 ? line.end < at : line.start > at) continue;
        const found = stopsOf(line, kind).filter((stop) => (way > 0 ? stop > at : stop < at));
        if (found.length) return way > 0 ? found[0] : found.at(-1);
      }
      return at;
    },
    nearest(at, kind) {
      const line = all.find((one) => one.start <= at && at <= one.end) ?? all.at(-1);
      return stopsOf(line, kind).reduce((best, stop) => (Math.abs(stop - at) < Math.abs(best - at) ? stop : best), Infinity);
    },
    ranges(start, end) {
      return all.map((line) => within(line, start, end)).filter(Boolean);
    },
    words(start, end) {
      return all.map((line) => within(line, start, end)?.toString()).filter(Boolean).join(" … ");
    },
    // The offset of a point of the page that lies in the text, or null.
    at(x, y) {
      const caret = caretAt(x, y);
      if (!caret || !text.contains(caret.node)) return null;
      const element = (caret.node.nodeType === Node.TEXT_NODE ? caret.node.parentElement : caret.node).closest("[data-start]");
      const line = all.find((one) => one.element === element);
      if (!line) return null;
      const before = document.createRange();
      before.selectNodeContents(element);
      before.setEnd(caret.node, caret.offset);
      return line.start + points(before.toString());
    },
    bounds: { first: all[0]?.start ?? 0, last: all.at(-1)?.end ?? 0 },
  };
}

function words(line, split, kind) {
  const text = line.element.textContent;
  const found = new Set();
  // What stands between spaces, with its signs ("£4.2", "“We"), and within it what is a word by itself.
  for (const run of text.matchAll(/\S+/gu)) found.add(kind === "start" ? run.index : run.index + run[0].length);
  for (const part of split.segment(text)) {
    if (part.isWordLike) found.add(kind === "start" ? part.index : part.index + part.segment.length);
  }
  return counted(line, text, found);
}

function letters(line, one) {
  const text = line.element.textContent;
  return counted(line, text, new Set([...[...one.segment(text)].map((part) => part.index), text.length]));
}

// UTF-16 places in a line as offsets in the article.
function counted(line, text, places) {
  const sorted = [...places].sort((a, b) => a - b);
  if (line.plain) return sorted.map((at) => line.start + at);
  let seen = 0;
  let offset = line.start;
  return sorted.map((at) => {
    offset += points(text.slice(seen, at));
    seen = at;
    return offset;
  });
}

// A selection's ends put outwards, so that no character of several code points is cut.
export function whole(words, start, end) {
  return [cut(words, start) ? words.step(start, -1, "letter") : start, cut(words, end) ? words.step(end, 1, "letter") : end];
}

function cut(words, at) {
  return words.nearest(at, "letter") !== at;
}

function caretAt(x, y) {
  if (document.caretPositionFromPoint) {
    const found = document.caretPositionFromPoint(x, y);
    return found && { node: found.offsetNode, offset: found.offset };
  }
  const range = document.caretRangeFromPoint?.(x, y);
  return range && { node: range.startContainer, offset: range.startOffset };
}

function points(words) {
  let count = 0;
  for (const _ of words) count += 1;
  return count;
}

function segmenter(language, granularity) {
  try {
    return new Intl.Segmenter(language, { granularity });
  } catch {
    return new Intl.Segmenter(undefined, { granularity });
  }
}
