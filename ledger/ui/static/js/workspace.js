// The claim at hand changes at once: its marks and its line in the list light up, then its part comes,
// fetched beforehand for the claims beside it. Each step is a link too, which is how it goes without a script.

import { painted } from "./painted.js";

const STEPS = '[data-action="next"], [data-action="previous"], [data-action="next-unchecked"]';

export function workspace(fresh) {
  const panel = document.getElementById("panel");
  const text = document.getElementById("text");
  if (!panel || !text) return;
  const article = location.pathname.split("/")[2];
  const parts = new Map(); // claim id → promise of its part
  let current = panel.dataset.claim;
  let asked = 0;
  let taking = false; // the answer on its way brings another claim to hand: one just made

  show(current, { scroll: Boolean(new URL(location).searchParams.get("claim")) });
  if (current) history.replaceState({ ...history.state, claim: current }, "");
  queueMicrotask(() => tell(current));
  prefetch();

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.("a");
    if (!link) return;
    if (link.matches(".to-text")) return back(event, link);
    const id = chosen(link);
    if (!id) return;
    // A press that ends a selection is none; a key is one, whatever is selected.
    if (event.detail && link.matches(".mark") && !getSelection().isCollapsed) return event.preventDefault();
    event.preventDefault();
    if (id === current && document.body.classList.contains("chosen")) return;
    go(id, { scroll: !link.matches(".mark") });
  });

  addEventListener("popstate", (event) => {
    const id = new URL(location).searchParams.get("claim") ?? event.state?.claim;
    if (id && id !== current) select(id, { scroll: true });
    document.body.classList.toggle("chosen", new URL(location).searchParams.has("claim"));
  });

  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail?.ctx?.target?.id !== "panel") return;
    const shown = panel.querySelector(".case[data-claim]")?.dataset.claim;
    if (!shown) return;
    parts.clear();
    if (shown !== current && taking) take(shown);
    // The answer to a deed came when another claim was at hand already.
    if (shown !== current) return void select(current, {});
    mirror();
    show(current, {});
    prefetch();
  });

  document.addEventListener("ledger:changed", () => parts.clear());
  document.addEventListener("ledger:taking", () => { taking = true; });

  function chosen(link) {
    if (link.matches(STEPS) && panel.contains(link)) return target(link);
    if (link.matches(".mark") && text.contains(link)) return cycled(link.dataset.claims.split(" "), current);
    return link.closest("#items .item")?.dataset.claim;
  }

  function go(id, options) {
    taking = false;
    history.pushState({ claim: id }, "", addressOf(id));
    document.body.classList.add("chosen");
    select(id, options);
  }

  function take(id) {
    taking = false;
    history.pushState({ claim: id }, "", addressOf(id));
    document.body.classList.add("chosen");
    current = id;
    tell(id);
  }

  function back(event, link) {
    event.preventDefault();
    document.body.classList.remove("chosen");
    const address = new URL(link.href);
    address.hash = "";
    history.pushState({ claim: current }, "", address);
    place(current, "center");
    text.querySelector(`[data-claims~="${CSS.escape(current)}"]`)?.focus({ preventScroll: true });
  }

  async function select(id, options) {
    const turn = ++asked;
    current = id;
    // All that is written first, then what has to measure: the page is laid out once.
    light(id);
    announce(id);
    tell(id);
    let part = parts.get(id);
    if (part?.content) {
      put(part.content);
      bring(id, options);
      return prefetch();
    }
    part = part ?? ask(id);
    coming(id);
    bring(id, options);
    const content = await part.answer;
    if (turn !== asked) return;
    if (content === null) {
      // Signed out, offline, or gone: the page itself says which.
      panel.removeAttribute("aria-busy");
      return void (navigator.onLine ? location.reload() : parts.delete(id));
    }
    put(content);
    prefetch();
  }

  function show(id, options) {
    light(id);
    bring(id, options);
  }

  // The claim's marks and its line are those of the claim at hand.
  function light(id) {
    for (const mark of text.querySelectorAll(".mark.current, .sign.current")) mark.classList.remove("current");
    for (const line of document.querySelectorAll('#items a[aria-current="true"]')) line.removeAttribute("aria-current");
    if (!id) return;
    const name = CSS.escape(id);
    for (const mark of text.querySelectorAll(`[data-claims~="${name}"], #m-${name}`)) mark.classList.add("current");
    document.querySelector(`#c-${name} > a`)?.setAttribute("aria-current", "true");
  }

  // Both come into view.
  function bring(id, { scroll = false }) {
    const line = id && document.querySelector(`#c-${CSS.escape(id)} > a`);
    if (line) intoList(line);
    if (id && scroll) place(id, "nearest");
  }

  function place(id, block) {
    const mark = text.querySelector(`[data-claims~="${CSS.escape(id)}"]`);
    if (!mark?.offsetParent) return;
    const box = mark.getBoundingClientRect();
    const room = innerHeight * 0.16;
    if (block === "nearest" && box.top > room && box.bottom < innerHeight - 2 * room) return;
    mark.scrollIntoView({ block: "center", behavior: "instant" });
  }

  // Until its part is there, the panel says which claim it is, and the steps lead on from there.
  function coming(id) {
    const line = document.querySelector(`#c-${CSS.escape(id)}`);
    const part = panel.querySelector(".case") ?? panel.appendChild(document.createElement("div"));
    const held = focusIn(panel);
    const top = part.querySelector(".case-top");
    for (const child of [...part.children]) if (child !== top) child.remove();
    part.className = "case coming";
    delete part.dataset.claim;
    const heading = document.createElement("h2");
    heading.id = "statement";
    heading.tabIndex = -1;
    heading.dir = "auto";
    heading.textContent = line?.querySelector(".words")?.textContent ?? "…";
    part.append(heading);
    if (top) {
      top.querySelector(".case-facts").textContent = counted(id, " · ");
      for (const [action, to] of Object.entries(beside(id))) {
        const step = top.querySelector(`[data-action="${action}"]`);
        if (step) lead(step, to);
      }
    }
    panel.setAttribute("aria-busy", "true");
    panel.scrollTop = 0;
    panel.dataset.claim = id;
    if (held !== null && !panel.contains(document.activeElement)) heading.focus({ preventScroll: true });
    panel.dataset.held = held || panel.dataset.held || "";
  }

  // As the server works them out: the list's order, and from its end on the first that waits.
  function beside(id) {
    const items = [...document.querySelectorAll("#items .item")];
    const at = items.findIndex((item) => item.dataset.claim === id);
    const waits = (item) => item.matches(".s-candidate, .s-unchecked, .s-stale");
    const waiting = [...items.slice(at + 1), ...items.slice(0, Math.max(at, 0))].find(waits);
    return {
      previous: at > 0 ? items[at - 1].dataset.claim : null,
      next: items[at + 1]?.dataset.claim ?? null,
      "next-unchecked": waiting?.dataset.claim ?? null,
    };
  }

  function put(content) {
    const held = focusIn(panel) || panel.dataset.held;
    const had = panel.contains(document.activeElement);
    delete panel.dataset.held;
    panel.removeAttribute("aria-busy");
    const part = document.importNode(content, true);
    const folded = emptied(part);
    panel.replaceChildren(part);
    globalThis.htmx?.process(panel);
    mirror();
    fresh(panel);
    // From here on it is laid out.
    panel.scrollTop = 0;
    if (had) focusAgain(held);
    fill(folded);
  }

  // What is folded away is more than half of a part, and nobody sees it: it follows a frame later.
  async function fill(folded) {
    await painted();
    for (const [fold, inner] of folded) {
      if (!fold.isConnected) return;
      fold.append(inner);
      globalThis.htmx?.process(fold);
      fresh(fold);
    }
  }

  function focusAgain(action) {
    const again = action && [...panel.querySelectorAll(`[data-action="${CSS.escape(action)}"]`)].find((one) => one.offsetParent && one.hasAttribute("href"));
    (again || panel.querySelector("#statement") || panel).focus({ preventScroll: true });
  }

  function mirror() {
    const part = panel.querySelector(".case[data-claim]");
    panel.dataset.claim = part?.dataset.claim ?? "";
    panel.dataset.version = part?.dataset.version ?? "";
  }

  function ask(id) {
    const address = new URL(panel.dataset.from, location.href);
    address.pathname = address.pathname.replace(/-$/, id);
    const part = { content: undefined }; // its elements, read before anybody waits for them
    part.answer = fetch(address, { headers: { "HX-Request": "true" } })
      .then((answer) => (answer.ok ? answer.text() : null))
      .catch(() => null)
      .then((html) => (part.content = html && elements(html)));
    parts.set(id, part);
    part.answer.then((content) => { if (content === null) parts.delete(id); });
    return part;
  }

  // One after the other, and first where most go.
  async function prefetch() {
    const turn = asked;
    await painted();
    for (const way of ["next", "next-unchecked", "previous"]) {
      const step = panel.querySelector(`[data-action="${way}"]`);
      const id = step && target(step);
      if (turn !== asked) return;
      if (id && !parts.has(id)) await ask(id).answer;
    }
  }

  function announce(id) {
    const line = document.querySelector(`#c-${CSS.escape(id)}`);
    const said = document.getElementById("said");
    if (line && said) said.textContent = `${counted(id, ", ").replace(/^(?!Claim)/, "Claim ")}, ${line.querySelector(".vh").textContent.replace(": ", "").toLowerCase()}`;
  }

  // As the server counts: its place among the claims shown, and its own number where that is another.
  function counted(id, between) {
    const all = /[?&](dismissed=1|status=dismissed)/.test(location.search);
    const shown = [...document.querySelectorAll("#items .item")].filter((item) => all || item.dataset.claim === id || !item.matches(".s-dismissed"));
    const at = shown.findIndex((item) => item.dataset.claim === id);
    if (at < 0) return "…";
    const number = shown[at].querySelector("b").textContent;
    const place = `${at + 1} of ${shown.length}`;
    return number === String(at + 1) ? place : `Claim ${number}${between}${place}`;
  }

  function tell(claim) {
    document.dispatchEvent(new CustomEvent("ledger:current", { detail: { claim, article } }));
  }
}

function elements(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function emptied(part) {
  return [...part.querySelectorAll(".case > details.fold:not([open])")].map((fold) => {
    const inner = document.createDocumentFragment();
    inner.append(...[...fold.children].filter((child) => child.localName !== "summary"));
    return [fold, inner];
  });
}

function lead(step, id) {
  if (id) {
    step.href = addressOf(id);
    step.removeAttribute("aria-disabled");
    step.removeAttribute("role");
  } else {
    step.removeAttribute("href");
    step.setAttribute("aria-disabled", "true");
    step.setAttribute("role", "link");
  }
}

function addressOf(id) {
  const address = new URL(location);
  address.searchParams.set("claim", id);
  address.hash = "";
  return address.href;
}

// Only the list itself is scrolled, and only where it is one that scrolls.
function intoList(line) {
  const list = document.getElementById("claims");
  if (list.scrollHeight <= list.clientHeight + 1) return;
  const box = line.getBoundingClientRect();
  const frame = list.getBoundingClientRect();
  const bottom = Math.min(frame.bottom, innerHeight);
  if (box.top < frame.top + 8) list.scrollTop += box.top - frame.top - 60;
  else if (box.bottom > bottom - 8) list.scrollTop += box.bottom - bottom + 60;
}

// A click on words of several claims takes the shortest, and at the next click the one around it.
function cycled(ids, current) {
  const at = ids.indexOf(current);
  return at > 0 ? ids[at - 1] : ids[ids.length - 1];
}

function target(link) {
  return link.href ? new URL(link.href).searchParams.get("claim") : null;
}

function focusIn(panel) {
  const active = document.activeElement;
  return panel.contains(active) ? active.closest("[data-action]")?.dataset.action ?? "" : null;
}
