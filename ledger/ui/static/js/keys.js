// Keys press the controls that stand on the page, by their data-action: what a key may do is what the page
// lets the person do. Which key does what comes with the page (#keyboard), and each person can change it.

import { matchKeybindingPress, parseKeybinding } from "../vendor/tinykeys/tinykeys.js";
import { palette } from "./palette.js";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const AGAIN = new Set(["next", "previous", "extend-left", "extend-right", "shrink-left", "shrink-right"]);
const TYPING = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit], [type=reset], [type=file])";

let board = null;

export function keys() {
  const told = document.getElementById("keyboard");
  if (!told) return;
  const { actions, ...more } = JSON.parse(told.textContent);
  board = {
    ...more,
    actions: actions.map(([name, label, group, key]) => ({ name, label, group, key, press: key && parseKeybinding(pattern(key))[0] })),
  };
  const toast = region();
  const say = (words) => speak(toast, words);
  const dialogs = { palette: palette(board, { usable, press: act, spelled }), help: help() };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const field = event.target.closest?.(TYPING);
    if (field && inField(event, field)) return;
    const action = board.actions.find((one) => works(one) && (!field || one.key.startsWith("Mod+")) && matches(event, one));
    if (!action) return;
    event.preventDefault();
    // A key before this one waits for its claim: what is typed meanwhile was meant for what that one opens.
    if (waiting && !AGAIN.has(action.name) && !action.key.startsWith("Mod+")) return;
    if (!event.repeat || AGAIN.has(action.name)) act(action);
  });

  document.addEventListener("click", (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const name = event.target.closest?.('[data-action="palette"], [data-action="help"]')?.dataset.action;
    if (!name) return;
    event.preventDefault();
    dialogs[name]();
  });

  function act(action) {
    if (AGAIN.has(action.name)) quit();
    if (action.name in dialogs) return dialogs[action.name]();
    const found = usable(action.name) ?? beside(action.name);
    if (found) return press(found);
    if (busy()) return void unbusy(() => act(action));
    if (action.name === "search") return dialogs.palette();
    say(`${action.label}: not possible here`);
  }
}

// Which key does it, said on the control itself: to screen readers, to the mouse that rests, and beside its words.
export function keyHints(part) {
  if (!board) return;
  for (const action of board.actions) {
    for (const control of part.querySelectorAll(`[data-action="${action.name}"]`)) {
      if (!works(action)) continue;
      const shown = spelled(action.key);
      control.setAttribute("aria-keyshortcuts", action.key.replace("Mod", MAC ? "Meta" : "Control"));
      (control.closest("label") ?? control).dataset.key = shown;
      if (!("titled" in control.dataset) && !control.matches("input, textarea")) {
        control.dataset.titled = "";
        control.title = `${control.title || control.getAttribute("aria-label") || action.label} (${shown})`;
      }
    }
  }
}

// While a claim's part is on its way its steps are, too; the list has them already.
function beside(name) {
  if (!busy() || (name !== "next" && name !== "previous")) return null;
  const line = document.querySelector('#items [aria-current="true"]')?.closest("li");
  return (name === "next" ? line?.nextElementSibling : line?.previousElementSibling)?.querySelector("a");
}

function busy() {
  return document.querySelector('#panel[aria-busy="true"]');
}

let waiting = null;

// Only the last key waits; a step to another claim takes it back.
function unbusy(then) {
  quit();
  const watch = new MutationObserver(() => {
    if (busy()) return;
    quit();
    then();
  });
  watch.observe(busy(), { attributes: true, attributeFilter: ["aria-busy"] });
  waiting = { watch, timer: setTimeout(quit, 3000) };
}

function quit() {
  waiting?.watch.disconnect();
  clearTimeout(waiting?.timer);
  waiting = null;
}

// A control that stands on the page and can be pressed; one in a closed fold can be, too.
function usable(name) {
  const all = [...document.querySelectorAll(`[data-action="${CSS.escape(name)}"]`)].filter(
    (one) => !one.disabled && one.getAttribute("aria-disabled") !== "true" && !one.closest("[hidden], [inert], dialog:not([open])"),
  );
  return all.find((one) => one.checkVisibility({ visibilityProperty: true })) ?? all.find(folded);
}

function folded(control) {
  let fold = control.closest("details:not([open])");
  while (fold?.parentElement.closest("details:not([open])")) fold = fold.parentElement.closest("details:not([open])");
  return fold?.querySelector("summary")?.checkVisibility({ visibilityProperty: true });
}

function press(control) {
  for (let fold = control.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    if (!control.matches("summary") || fold !== control.parentElement) fold.open = true;
  }
  if (control.matches("summary")) return unfold(control);
  if (control.matches("input[type=radio]")) {
    control.click();
    return atEnd(control.form?.elements.namedItem("rationale") ?? control);
  }
  if (control.matches(TYPING)) {
    control.focus();
    return control.matches("input") && control.select();
  }
  control.click();
}

// On from what stands there already.
function atEnd(field) {
  field.focus();
  if (field.matches("textarea")) field.setSelectionRange(field.value.length, field.value.length);
}

function unfold(summary) {
  const fold = summary.parentElement;
  fold.open = true;
  const field = [...fold.querySelectorAll(`${TYPING}, input`)].find((one) => one.checkVisibility() && one.type !== "hidden");
  (field ?? summary).focus();
}

// While somebody types, only these two mean something; true where the key was one of them.
function inField(event, field) {
  if (event.key === "Escape") {
    (field.closest('section[tabindex="-1"], nav[tabindex="-1"]') ?? document.getElementById("main")).focus({ preventScroll: true });
    return true;
  }
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !field.form) return false;
  event.preventDefault();
  field.form.requestSubmit();
  return true;
}

function works(action) {
  return action.press && (board.single || action.key.startsWith("Mod+"));
}

// A letter is pressed alone; a sign however the keyboard makes it.
function pattern(key) {
  if (key.startsWith("Mod+")) return key.replace("Mod", "$mod");
  return key.length === 1 && key.toLowerCase() === key.toUpperCase() ? `[Shift]+[Alt]+[Control]+${key}` : key;
}

function matches(event, action) {
  // Ctrl and a sign is the browser's, unless Ctrl is half of the key AltGr, which writes signs.
  if (!action.key.startsWith("Mod+") && (event.metaKey || (event.ctrlKey && !event.getModifierState("AltGraph")))) return false;
  if (matchKeybindingPress(event, action.press)) return true;
  // A keyboard of another script has the same keys in the same places.
  return /^[a-z]$/.test(action.key) && /[^\u0000-\u024f]/.test(event.key) && event.key.length === 1 && !event.altKey && event.code === `Key${action.key.toUpperCase()}`;
}

function spelled(key) {
  const [modifier, sign] = key.length > 1 ? key.split("+") : ["", key];
  if (modifier === "Mod") return MAC ? `⌘${sign.toUpperCase()}` : `Ctrl ${sign.toUpperCase()}`;
  return modifier === "Shift" ? `⇧${sign}` : key;
}

function region() {
  const toast = document.createElement("div");
  toast.id = "spoken";
  toast.setAttribute("role", "status");
  document.body.append(toast);
  return toast;
}

let quiet;

function speak(toast, words) {
  clearTimeout(quiet);
  // The same words twice are two messages.
  toast.textContent = "";
  requestAnimationFrame(() => { toast.textContent = words; });
  quiet = setTimeout(() => { toast.textContent = ""; }, 4000);
}

function help() {
  let sheet;
  return () => {
    sheet ??= made();
    sheet.showModal();
  };

  function made() {
    const dialog = document.createElement("dialog");
    dialog.id = "key-sheet";
    dialog.setAttribute("aria-labelledby", "key-sheet-title");
    const head = element("div", { className: "sheet-head" }, element("h2", { id: "key-sheet-title", textContent: "Keys" }), closing(dialog));
    const groups = Map.groupBy ? Map.groupBy(board.actions, (one) => one.group) : grouped(board.actions);
    const body = element("div", { className: "sheet-groups" }, ...[...groups].map(([name, list]) => section(name, list)));
    const single = board.single ? "Keys rest while you type. Escape leaves a field, Ctrl+Enter sends its form." : "Single keys are turned off: only those with Ctrl do something.";
    const foot = element("p", { className: "quiet" }, single.replaceAll("Ctrl", MAC ? "⌘" : "Ctrl"), " ", element("a", { href: board.change, textContent: "Change keys" }));
    dialog.append(head, body, foot);
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    document.body.append(dialog);
    return dialog;
  }

  function section(name, list) {
    const rows = list.map((one) => element("div", {}, element("dt", { textContent: one.label }), element("dd", {}, works(one) ? element("kbd", { textContent: spelled(one.key) }) : "none")));
    return element("section", {}, element("h3", { textContent: name }), element("dl", {}, ...rows));
  }

  function closing(dialog) {
    const button = element("button", { type: "button", className: "button plain small", textContent: "Close" });
    button.addEventListener("click", () => dialog.close());
    return button;
  }
}

function grouped(list) {
  const found = new Map();
  for (const one of list) found.set(one.group, [...(found.get(one.group) ?? []), one]);
  return found;
}

export function element(name, properties, ...inside) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...inside);
  return made;
}
