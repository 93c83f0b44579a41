// The palette: every action that is possible on this page, every place, every article and claim.
//
// A combobox with a listbox (ARIA Authoring Practices): the focus stays in the field, arrows move the option
// that aria-activedescendant names. The dialog is the browser's own, so Escape and what is behind it are, too.

const PAUSE = 80; // milliseconds without a key before the server is asked

export function palette(board, { usable, press, spelled }) {
  let parts = null;
  let here = [];
  let found = [];
  let at = 0;
  let waiting;
  let asking;

  return open;

  function open() {
    parts ??= made();
    here = commands();
    found = [];
    parts.field.value = "";
    parts.dialog.showModal();
    show();
  }

  function commands() {
    const others = board.actions.filter((one) => !["palette", "search"].includes(one.name));
    const possible = others.filter((one) => one.name === "help" || usable(one.name));
    return [
      ...possible.map((one) => ({ group: "On this page", words: label(one), beside: "", key: one.key && spelled(one.key), run: () => press(one) })),
      ...board.places.map(([words, href]) => ({ group: "Go to", words, beside: "", href })),
    ];
  }

  // A rating says its own name: "First rating: Supported".
  function label(action) {
    const control = usable(action.name);
    const own = control?.matches?.("input[type=radio]") ? control.closest("label")?.textContent.trim() : "";
    return own ? `${action.label}: ${own.replace(/\s+/g, " ")}` : action.label;
  }

  function typed() {
    clearTimeout(waiting);
    asking?.abort();
    const q = parts.field.value.trim();
    if (!q) found = [];
    show();
    if (q) waiting = setTimeout(() => ask(q), PAUSE);
  }

  async function ask(q) {
    asking = new AbortController();
    try {
      const answer = await fetch(`${board.find}?${new URLSearchParams({ q })}`, { signal: asking.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const { items } = await answer.json();
      found = items.map((one) => ({ ...one, group: `${one.what}s` }));
      show();
    } catch (error) {
      if (error.name === "AbortError") return;
      found = [];
      show("The ledger does not answer.");
    }
  }

  function listed() {
    const words = parts.field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (one) => words.every((word) => one.words.toLowerCase().includes(word));
    return [...here.filter(fits), ...found];
  }

  function show(fault) {
    const all = listed();
    const groups = new Map();
    for (const one of all) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
    let number = 0;
    parts.list.replaceChildren(...[...groups].map(([name, members], g) => {
      const heading = Object.assign(document.createElement("div"), { className: "palette-group", id: `palette-g${g}`, textContent: name });
      const group = document.createElement("div");
      group.setAttribute("role", "group");
      group.setAttribute("aria-labelledby", heading.id);
      group.append(heading, ...members.map((one) => option(one, number++)));
      return group;
    }));
    parts.list.hidden = !all.length;
    parts.field.setAttribute("aria-expanded", String(Boolean(all.length)));
    parts.said.textContent = fault ?? (all.length ? `${all.length} ${all.length === 1 ? "result" : "results"}` : "Nothing found");
    parts.said.classList.toggle("vh", Boolean(all.length) && !fault);
    mark(0);
  }

  function option(one, number) {
    const row = document.createElement("div");
    row.setAttribute("role", "option");
    row.id = `palette-o${number}`;
    row.className = "palette-option";
    const words = Object.assign(document.createElement("span"), { className: "palette-words", dir: "auto", textContent: one.words });
    row.append(words);
    if (one.beside) row.append(Object.assign(document.createElement("span"), { className: "palette-beside", dir: "auto", textContent: one.beside }));
    if (one.key) row.append(Object.assign(document.createElement("kbd"), { textContent: one.key }));
    row.addEventListener("click", (event) => choose(one, event));
    row.addEventListener("pointermove", () => { if (at !== number) mark(number, false); });
    row.run = one;
    return row;
  }

  function mark(number, scroll = true) {
    const options = parts.list.querySelectorAll('[role="option"]');
    at = options.length ? (number + options.length) % options.length : 0;
    for (const [index, row] of options.entries()) row.setAttribute("aria-selected", String(index === at));
    if (!options.length) return void parts.field.removeAttribute("aria-activedescendant");
    parts.field.setAttribute("aria-activedescendant", options[at].id);
    if (scroll) options[at].scrollIntoView({ block: "nearest" });
  }

  function choose(one, event) {
    parts.dialog.close();
    if (one.run) return one.run();
    if (event.ctrlKey || event.metaKey) return void globalThis.open(one.href, "_blank", "noopener");
    location.assign(one.href);
  }

  function pressed(event) {
    if (event.isComposing) return;
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: Math.max(0, at - 8) };
    if (event.key in moves) {
      event.preventDefault();
      mark(event.key === "PageDown" ? Math.min(moves.PageDown, parts.list.querySelectorAll('[role="option"]').length - 1) : moves[event.key]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const row = parts.list.querySelector('[aria-selected="true"]');
      if (row) choose(row.run, event);
    } else if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      parts.dialog.close();
    }
  }

  function made() {
    const dialog = document.createElement("dialog");
    dialog.id = "palette";
    dialog.setAttribute("aria-label", "Go anywhere, do anything");
    const field = Object.assign(document.createElement("input"), { type: "text", autocomplete: "off", spellcheck: false, placeholder: "Type an action, a place, or words of an article or claim", dir: "auto" });
    const about = { role: "combobox", "aria-autocomplete": "list", "aria-controls": "palette-list", "aria-expanded": "true", "aria-label": "Action, place, article or claim" };
    for (const [name, value] of Object.entries(about)) field.setAttribute(name, value);
    const list = Object.assign(document.createElement("div"), { id: "palette-list", className: "palette-list" });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Actions, places, articles and claims");
    const said = Object.assign(document.createElement("p"), { className: "palette-said vh" });
    said.setAttribute("role", "status");
    dialog.append(field, list, said);
    document.body.append(dialog);
    field.addEventListener("input", typed);
    field.addEventListener("keydown", pressed);
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => { clearTimeout(waiting); asking?.abort(); });
    // A press on an option must not take the focus out of the field.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    return { dialog, field, list, said };
  }
}
