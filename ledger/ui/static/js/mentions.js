// Names after an @: a list to choose from, by keys or by pointer; one may as well write the name out.

const MOST = 8;
let asked = null; // the one request for the names, kept as a promise: letters typed while it is out share it
let list = null;
let field = null;
let found = [];
let at = 0;

export function mentions() {
  document.addEventListener("input", (event) => { if (event.target.matches(".discussion textarea")) look(event.target); });
  document.addEventListener("keydown", keys, true);
  document.addEventListener("focusout", (event) => { if (event.target === field) setTimeout(close, 150); });
}

async function look(textarea) {
  field = textarea;
  const begun = word(textarea);
  if (begun === null) return close();
  const names = await (asked ??= namesFrom(textarea.closest("[data-names]").dataset.names));
  const now = word(textarea);
  if (now !== begun) return; // a later letter has its own look, and this one must not undo what was chosen since
  if (document.activeElement !== textarea) return close();
  const wanted = now.toLocaleLowerCase();
  found = names.filter((name) => [name, ...name.split(/\s+/)].some((part) => part.toLocaleLowerCase().startsWith(wanted)) && name.toLocaleLowerCase() !== wanted).slice(0, MOST);
  at = 0;
  if (found.length) show();
  else close();
}

async function namesFrom(address) {
  try {
    const answer = await fetch(address);
    if (answer.ok) return (await answer.json()).names;
  } catch { /* told below: without names, one writes them out */ }
  asked = null;
  return [];
}

// What stands between the last @ and the caret, if it can be the beginning of a name.
function word(textarea) {
  const before = textarea.value.slice(0, textarea.selectionStart);
  return /(?:^|[^\p{L}\p{N}_@.])@([\p{L}\p{N}][\p{L}\p{M}\p{N}.'’ -]{0,60}|)$/u.exec(before)?.[1] ?? null;
}

function show() {
  if (!list) {
    list = document.createElement("ul");
    list.id = "names";
    list.className = "names";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Colleagues");
    list.addEventListener("pointerdown", (event) => {
      const option = event.target.closest("[role=option]");
      event.preventDefault();
      if (option) choose([...list.children].indexOf(option));
    });
  }
  list.replaceChildren(...found.map((name, n) => {
    const option = document.createElement("li");
    option.id = `name-${n}`;
    option.setAttribute("role", "option");
    option.dir = "auto";
    option.textContent = name;
    return option;
  }));
  field.after(list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", "names");
  point();
}

function point() {
  [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
  field.setAttribute("aria-activedescendant", `name-${at}`);
}

function close() {
  list?.remove();
  field?.removeAttribute("aria-activedescendant");
  field?.removeAttribute("aria-controls");
  found = [];
}

function keys(event) {
  if (event.target !== field || !list?.isConnected || event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) { at = (at + step + found.length) % found.length; point(); }
  else if (event.key === "Enter" || event.key === "Tab") choose(at);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function choose(n) {
  const begun = word(field) ?? "";
  const end = field.selectionStart;
  field.setRangeText(`${found[n]} `, end - begun.length, end, "end");
  close();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
