// Select words in the article, and a small bar offers to make a claim of them.
//
// Offsets count Unicode code points of the article's text. A browser counts UTF-16 units of what it
// shows, so the way from one to the other is: the text before the point, inside its own line of the
// article (whose offset the page gives), spread into code points and counted.

export function selection() {
  const text = document.getElementById("text");
  if (!text?.dataset.select) return;
  const bar = document.createElement("div");
  bar.className = "pick";
  bar.hidden = true;
  const link = document.createElement("a");
  link.className = "button small";
  link.textContent = "New claim";
  bar.append(link);
  document.body.append(bar);

  function offer() {
    const place = chosen(text);
    bar.hidden = !place;
    if (!place) return;
    const address = new URL(text.dataset.select, location.href);
    address.search = new URLSearchParams({ start: place.start, end: place.end, exact: place.exact, revision: text.dataset.revision });
    link.href = address;
    const box = place.range.getBoundingClientRect();
    const width = bar.offsetWidth;
    const left = Math.max(8, Math.min(box.left + box.width / 2 - width / 2, document.documentElement.clientWidth - width - 8));
    bar.style.setProperty("left", `${left + scrollX}px`);
    bar.style.setProperty("top", `${box.bottom + scrollY + 8}px`);
  }

  let later;
  document.addEventListener("selectionchange", () => {
    clearTimeout(later);
    later = setTimeout(offer, 120);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !bar.hidden) {
      getSelection().removeAllRanges();
      bar.hidden = true;
    }
  });
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
  const start = first.start + count(first.words) - count(first.words.trimStart());
  const end = last.end - (count(last.words) - count(last.words.trimEnd()));
  // The server compares the words with its text; across paragraphs only it knows what stands between.
  const exact = pieces.length === 1 ? first.words.trim() : "";
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
