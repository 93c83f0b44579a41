// From offsets in the article's text to places in the page.
//
// Offsets count Unicode code points; a browser counts UTF-16 units. Every line of the article names in
// data-start the offset that it begins at, and holds exactly its stretch of the text.

export function lines(text) {
  return [...text.querySelectorAll("[data-start]")].map((element) => {
    const words = element.textContent;
    const start = Number(element.dataset.start);
    return { element, start, end: start + count(words), plain: words.length === count(words) };
  });
}

// The range of a span inside one line, or null where the line has nothing of it.
export function within(line, start, end) {
  const from = Math.max(start, line.start) - line.start;
  const to = Math.min(end, line.end) - line.start;
  if (from >= to) return null;
  const range = document.createRange();
  const walk = document.createTreeWalker(line.element, NodeFilter.SHOW_TEXT);
  let at = 0;
  let begun = false;
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const length = line.plain ? node.length : count(node.data);
    if (!begun && from < at + length) {
      range.setStart(node, units(node.data, from - at, line.plain));
      begun = true;
    }
    if (begun && to <= at + length) {
      range.setEnd(node, units(node.data, to - at, line.plain));
      return range;
    }
    at += length;
  }
  return null;
}

function units(words, points, plain) {
  return plain ? points : [...words].slice(0, points).join("").length;
}

function count(words) {
  let points = 0;
  for (const _ of words) points += 1;
  return points;
}
