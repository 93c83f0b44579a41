// Shows how far a download is. Without this the form leads to the file itself, and the browser shows what it knows.

const MOST = 300_000_000; // bytes; what is larger the browser writes to the disk itself
const form = document.getElementById("export");
const going = document.getElementById("going");
const bar = document.getElementById("going-bar");
const words = document.getElementById("going-words");
const gone = document.getElementById("gone");
const stop = document.getElementById("going-stop");
const mega = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

function size(bytes) {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${mega.format(bytes / 1e6)} MB`;
}

async function received(answer, about) {
  const parts = [];
  let had = 0;
  for (const reader = answer.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return [new Blob(parts), had];
    parts.push(value);
    had += value.length;
    // It is an estimate: never full before the end.
    bar.value = Math.min(had / about, 0.99);
    words.textContent = about ? `${size(had)} of about ${size(about)}` : size(had);
  }
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function download(address, about, asked) {
  const answer = await fetch(address, { signal: asked.signal });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  const [blob, had] = await received(answer, about);
  const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "claims";
  save(blob, name);
  return `${name} is there, ${size(had)}.`;
}

form?.addEventListener("submit", async (event) => {
  const chosen = form.querySelector("[name=format]:checked");
  const packed = form.elements.compress.value !== "" && chosen.dataset.text !== undefined;
  const told = document.getElementById(`size-${chosen.value}`);
  const about = Number(told.dataset.size);
  if (about > MOST || told.dataset.more !== undefined) return;
  event.preventDefault();
  if (!going.hidden) return;
  const asked = new AbortController();
  stop.onclick = () => asked.abort();
  gone.textContent = "";
  words.textContent = "It begins …";
  bar.value = 0;
  if (packed) bar.removeAttribute("value");
  going.hidden = false;
  try {
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    gone.textContent = await download(address, packed ? 0 : about, asked);
  } catch {
    gone.textContent = asked.signal.aborted ? "Stopped; nothing was saved." : "It broke off, and nothing was saved. Try again.";
  }
  going.hidden = true;
});
