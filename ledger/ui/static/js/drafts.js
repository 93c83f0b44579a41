// Nothing typed is lost: what stands in a form is kept in this browser while one types, for this person and
// this record, until the server has taken it. It comes back wherever the form is shown again.

import { came, changes, fill, isTyped, showTheirs, typed, typedForms } from "./forms.js";

const PREFIX = "draft:";
const DAYS = 30;
const WAIT = 250; // milliseconds after the last key
const SENT = "draft-sent";
const memory = new Map(); // what the browser did not want to keep, for as long as the page lives
const timers = new Map();
const sending = new WeakMap(); // form → what it held when it was sent
let me = null;

export function drafts() {
  me = document.body.dataset.me;
  if (!me) return;
  sweep();
  settle();
  document.addEventListener("input", (event) => later(event.target.form));
  document.addEventListener("change", (event) => later(event.target.form));
  addEventListener("pagehide", keepAll);
  // The claim at hand gives way to another, and its forms with it.
  document.addEventListener("ledger:current", keepAll);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keepAll(); });
  document.addEventListener("submit", sent);
  document.addEventListener("htmx:before:request", (event) => {
    const form = formOf(event);
    if (form) { keep(form); sending.set(form, JSON.stringify(typed(form))); }
  });
  document.addEventListener("htmx:after:request", (event) => {
    const form = formOf(event);
    if (!form || !(event.detail.ctx.response?.status < 400)) return;
    // What was typed while the answer was under way has not been taken.
    if (sending.get(form) === JSON.stringify(typed(form))) forget(form);
    else keep(form);
  });
}

// Put back what was typed into the forms of a part that came in.
export function restoreDrafts(part = document) {
  if (me) for (const form of typedForms(part)) restore(form);
}

export function forget(form) {
  clearTimeout(timers.get(name(form)));
  timers.delete(name(form));
  drop(name(form));
  note(form)?.remove();
}

function formOf(event) {
  const form = event.detail?.ctx?.sourceElement;
  return form instanceof HTMLFormElement && typedForms(form).length ? form : null;
}

function name(form) {
  // The same record has the same draft, wherever its form is shown.
  return `${PREFIX}${me}:${new URL(form.action, location.href).pathname}#${form.id}`;
}

function later(form) {
  if (!form || !typedForms(form).length) return;
  clearTimeout(timers.get(name(form)));
  timers.set(name(form), setTimeout(() => keep(form), WAIT));
}

function keepAll() {
  for (const form of typedForms()) if (timers.has(name(form))) keep(form);
}

function keep(form) {
  clearTimeout(timers.get(name(form)));
  timers.delete(name(form));
  const values = changes(form);
  const kept = read(name(form));
  if (!Object.keys(values).length) {
    // A form that came back refused holds the typing as its own; it is still not taken.
    if (!isRefused(form)) { drop(name(form)); note(form)?.remove(); }
    return;
  }
  const base = form.elements.version?.value ?? "";
  const began = kept?.base === base ? kept.began : came(form);
  write(name(form), { at: Date.now(), base, began, values });
}

function restore(form) {
  const kept = read(name(form));
  if (!kept || note(form)) return;
  const stands = typed(form);
  if (Object.entries(kept.values).every(([field, value]) => stands[field] === value)) {
    if (!isTyped(form) && !isRefused(form)) drop(name(form));
    return;
  }
  if (isTyped(form) || isRefused(form)) return;
  const now = came(form);
  fill(form, kept.values);
  for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const older = kept.base !== "" && form.elements.version && kept.base !== form.elements.version.value;
  if (older) showTheirs(form, now, kept.began ?? {});
  form.prepend(told(form, kept, older));
}

function told(form, kept, older) {
  const line = document.createElement("p");
  line.className = "draft";
  line.dataset.draft = "";
  const at = new Date(kept.at);
  const same = at.toDateString() === new Date().toDateString();
  const when = new Intl.DateTimeFormat(undefined, same ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" }).format(at);
  line.append(`Restored what you typed at ${when}`);
  if (older) line.append(". Somebody changed this since: look at what stands now");
  line.append(" · ");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "linklike";
  button.textContent = "Discard";
  button.addEventListener("click", () => {
    form.querySelector("textarea, input:not([type=hidden])")?.focus();
    form.reset();
    for (const early of form.querySelectorAll("[data-early]")) early.remove();
    forget(form);
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  line.append(button);
  return line;
}

function note(form) {
  return form.querySelector(":scope > [data-draft]");
}

function isRefused(form) {
  return Boolean(form.querySelector('[aria-invalid="true"], .banner.conflict, .banner.bad'));
}

// A form that leaves the page: whether it was taken, the next page tells.
function sent(event) {
  const form = event.target;
  if (event.defaultPrevented || form.hasAttribute("hx-post") || !typedForms(form).length) return;
  keep(form);
  try { sessionStorage.setItem(SENT, name(form)); } catch { /* the draft then stays a while longer */ }
}

function settle() {
  let key = null;
  try { key = sessionStorage.getItem(SENT); sessionStorage.removeItem(SENT); } catch { /* nothing was kept */ }
  if (!key?.startsWith(`${PREFIX}${me}:`)) return;
  const came = performance.getEntriesByType("navigation")[0];
  const taken = came?.type === "navigate" && (came.responseStatus ? came.responseStatus < 400 : !document.querySelector('.problem, [aria-invalid="true"]'));
  if (taken) drop(key);
}

function read(key) {
  try {
    const kept = JSON.parse(memory.get(key) ?? localStorage.getItem(key));
    return kept && typeof kept.values === "object" && Number.isFinite(kept.at) ? kept : null;
  } catch {
    return null;
  }
}

function write(key, draft) {
  const text = JSON.stringify(draft);
  try {
    localStorage.setItem(key, text);
    memory.delete(key);
  } catch {
    memory.set(key, text);
    document.dispatchEvent(new CustomEvent("ledger:unkept"));
  }
}

function drop(key) {
  memory.delete(key);
  try { localStorage.removeItem(key); } catch { /* it was never kept */ }
}

// Old drafts go, whoever's they are, and what is no draft of ours.
function sweep() {
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(PREFIX)) continue;
      const kept = read(key);
      if (!kept || Date.now() - kept.at > DAYS * 86400000) localStorage.removeItem(key);
    }
  } catch { /* a browser may forbid it */ }
}
