// What others change appears on the page while it is open. Nothing that is being typed is touched: then a
// line tells who changed the claim, and what stands now is shown beneath what differs.

import { came, changes, fill, isTyped, showTheirs, typedForms } from "./forms.js";
import { presence, seen } from "./presence.js";
import { unpressed } from "./press.js";
import { stream } from "./stream.js";

const OWN = 4000; // milliseconds in which an event of one's own is this page's own deed
const GATHER = 250;

export function live(fresh) {
  const panel = document.getElementById("panel");
  const alone = document.querySelector(".claim-page #main");
  const article = panel ? location.pathname.split("/")[2] : null;
  const seq = Number(document.body.dataset.seq);
  if (!document.body.dataset.me || Number.isNaN(seq)) return;
  const quiet = document.createElement("div");
  quiet.dataset.quiet = "";
  quiet.hidden = true;
  const said = document.createElement("p");
  said.id = "live-said";
  said.className = "vh";
  said.setAttribute("role", "status");
  document.body.append(quiet, said);
  const lines = new Set(); // claims whose lines and marks are to be fetched
  let whole = false;
  let timer;
  let busy = 0;
  let didAt = 0;
  let putOff = [];

  const hand = () => panel ?? alone;
  const current = () => (panel ? panel.dataset.claim : alone?.querySelector("[data-claim]")?.dataset.claim) || null;
  const version = () => Number(hand()?.querySelector("[data-claim][data-version]")?.dataset.version ?? 0);

  function topics() {
    const listed = [...document.querySelectorAll("[data-presence]")].map((one) => one.dataset.presence);
    return { articles: [...new Set([article, ...listed].filter(Boolean))].sort(), claims: alone && current() ? [current()] : [] };
  }

  let known = JSON.stringify(topics());
  presence({ article, claim: current() });
  const heard = stream(topics, seq, (kind, data) => unpressed(() => {
    if (kind === "presence") seen(data);
    else if (kind === "lost") missed();
    else if (concerns(data)) changed(data);
  }));

  document.addEventListener("htmx:before:request", (event) => { if (!event.detail.ctx.sourceElement.closest?.("[data-quiet]")) busy += 1; });
  document.addEventListener("htmx:finally:request", (event) => {
    const { sourceElement } = event.detail.ctx;
    if (sourceElement.closest?.("[data-quiet]")) return;
    busy = Math.max(0, busy - 1);
    if (sourceElement.method === "post") didAt = Date.now();
    if (!busy) for (const data of putOff.splice(0)) changed(data);
  });
  document.addEventListener("htmx:after:swap", () => {
    if (JSON.stringify(topics()) === known) return;
    known = JSON.stringify(topics());
    heard.again();
  });
  document.addEventListener("ledger:current", () => document.getElementById("changed")?.remove());

  function concerns(data) {
    return data.claims.includes(current()) || (article && data.articles.includes(article));
  }

  function changed(data) {
    // What this very page did is on it when its answer is.
    if (busy) return void putOff.push(data);
    document.dispatchEvent(new CustomEvent("ledger:changed", { detail: data }));
    const own = data.mine && Date.now() - didAt < OWN;
    if (article) {
      for (const id of data.claims) if (!own || id !== current()) lines.add(id);
      if (!data.claims.length) whole = true;
      if (lines.size || whole) later();
    }
    if (data.claims.includes(current())) atHand(data, own);
  }

  function missed() {
    whole = true;
    if (article) later();
    if (current()) atHand({ by: "Somebody", deed: "changed it", kind: "", versions: {}, mine: false }, false);
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(fetchLines, GATHER);
  }

  // ------------------------------------------------------------- the claim at hand

  async function atHand(data, own) {
    // A copy of a source changes one piece of evidence, which looks for it by itself (evidence.js).
    if (data.kind.startsWith("capture.")) return;
    const stands = data.versions?.[current()];
    if (stands !== undefined && stands <= version()) return;
    if (stands === undefined && own) return;
    const who = data.mine ? "You" : data.by;
    const words = `${data.deed.replace(/\bit\b/, "this claim")}${data.mine ? " in another tab" : ""} just now`;
    const forms = typedForms(hand()).filter((form) => isTyped(form));
    if (data.kind.startsWith("comment.") && forms.length) return discussion(`${who} ${words}.`);
    if (!forms.length && !isChosen()) {
      await refresh();
      tell(who, `${words}.`);
      said.textContent = `${who} ${words}. The claim is shown as it stands now.`;
      return;
    }
    tell(who, `${words}. ${forms.length ? "What you type is untouched." : ""}`, show);
    const now = await ask();
    if (now) unpressed(() => {
      for (const form of forms) {
        const other = now.getElementById(form.id);
        if (form.isConnected && other) showTheirs(form, came(other), came(form));
      }
    });
  }

  // Words that somebody has selected, or a rating that they are about to take, must not move under them.
  function isChosen() {
    const selected = getSelection();
    return !selected.isCollapsed && hand().contains(selected.anchorNode);
  }

  function tell(who, words, act) {
    document.getElementById("changed")?.remove();
    const line = document.createElement("div");
    line.id = "changed";
    line.className = "changed";
    line.setAttribute("role", "status");
    const text = document.createElement("p");
    const name = document.createElement("b");
    name.dir = "auto";
    name.textContent = who;
    text.append(name, ` ${words}`);
    line.append(text);
    line.append(button(act ? "Show" : "Close", act ?? (() => line.remove()), act ? "small" : "small plain"));
    // The head of the claim's part stays in sight, and this with it.
    const head = hand().querySelector(".case-top");
    if (head) head.append(line);
    else hand().prepend(line);
  }

  function button(words, act, looks) {
    const found = document.createElement("button");
    found.type = "button";
    found.className = `button ${looks}`;
    found.textContent = words;
    found.addEventListener("click", act);
    return found;
  }

  // The claim as it stands now, with what is typed in its place and what differs beneath it.
  async function show() {
    const kept = typedForms(hand()).filter((form) => isTyped(form)).map((form) => ({ id: form.id, values: changes(form), began: came(form) }));
    await refresh();
    let first = null;
    for (const one of kept) {
      const form = document.getElementById(one.id);
      if (!form) continue;
      showTheirs(form, came(form), one.began);
      fill(form, one.values);
      for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
      first ??= form.querySelector("textarea, input:not([type=hidden])");
    }
    document.getElementById("changed")?.remove();
    (first ?? document.getElementById("statement"))?.focus();
    said.textContent = "The claim is shown as it stands now, with what you typed.";
  }

  function address() {
    if (!panel) return location.pathname;
    const from = new URL(panel.dataset.from, location.href);
    return from.pathname.replace(/-$/, current()) + from.search;
  }

  async function refresh() {
    const open = [...hand().querySelectorAll("details[open]")].map(fold);
    const top = panel?.scrollTop;
    await globalThis.htmx.ajax("GET", address(), { source: quiet, target: panel ? "#panel" : "#main", swap: "innerMorph" });
    for (const one of hand().querySelectorAll("details")) if (open.includes(fold(one))) one.open = true;
    if (panel) panel.scrollTop = top;
  }

  const fold = (details) => details.id || details.querySelector("summary")?.textContent.replace(/\d+/g, "").trim();

  async function ask() {
    try {
      const answer = await fetch(address(), { headers: { "HX-Request": "true" } });
      return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    } catch {
      return null;
    }
  }

  async function discussion(words) {
    const now = await ask();
    const theirs = now?.querySelector("#discussion .comments");
    const mine = document.querySelector("#discussion .comments");
    if (theirs && mine && !typedForms(mine).some(isTyped)) mine.replaceWith(theirs);
    else if (theirs && !mine) document.querySelector("#discussion h2")?.after(theirs);
    if (theirs) { globalThis.htmx.process(theirs); fresh(theirs); }
    said.textContent = words;
  }

  // ------------------------------------------------------------- all other claims

  async function fetchLines() {
    const selected = getSelection();
    // Words that somebody is about to make a claim of stay selected.
    if (!selected.isCollapsed && document.getElementById("text")?.contains(selected.anchorNode)) return later();
    const asked = new URLSearchParams(location.search);
    if (current()) asked.set("claim", current());
    const unknown = [...lines].some((id) => !document.getElementById(`c-${id}`));
    if (!whole && !unknown) for (const id of lines) asked.append("changed", id);
    lines.clear();
    whole = false;
    try {
      const answer = await fetch(`/articles/${article}/lines?${asked}`, { headers: { "HX-Request": "true" } });
      const html = answer.ok && await answer.text();
      if (html) unpressed(() => put(html));
    } catch { /* the stream comes back and tells again */ }
  }

  function put(html) {
    const parts = document.createElement("template");
    parts.innerHTML = html;
    for (const part of parts.content.querySelectorAll("[hx-swap-oob]")) {
      const place = document.getElementById(part.id);
      const how = part.getAttribute("hx-swap-oob");
      part.removeAttribute("hx-swap-oob");
      if (!place) continue;
      const held = place.contains(document.activeElement) ? document.activeElement : null;
      const top = place.scrollTop;
      const open = [...place.querySelectorAll("details[open]")].map(fold);
      if (how === "outerHTML") place.replaceWith(part);
      else place.replaceChildren(...part.childNodes);
      const now = document.getElementById(part.id);
      for (const one of now.querySelectorAll("details")) if (open.includes(fold(one))) one.open = true;
      now.scrollTop = top;
      if (held) again(now, held)?.focus({ preventScroll: true });
      globalThis.htmx.process(now);
      fresh(now);
    }
    document.dispatchEvent(new CustomEvent("ledger:lines"));
  }

  function again(place, held) {
    if (held.id) return document.getElementById(held.id);
    if (held.dataset.claims) return place.querySelector(`[data-claims="${CSS.escape(held.dataset.claims)}"]`);
    const item = held.closest(".item");
    return item ? document.getElementById(item.id)?.querySelector("a") : place.querySelector("a, button");
  }
}
