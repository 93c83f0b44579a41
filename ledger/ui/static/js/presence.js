// Who else is here, and what they are at; and telling others where one is oneself.

import { token } from "./net.js";
import { typedForms } from "./forms.js";
import { painted } from "./painted.js";

const BEAT = 20000;
const TYPING = 15000; // so long after the last key somebody is still typing
const page = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
const here = new Map(); // article or claim → people
let at = { article: null, claim: null };
let typedAt = 0;
let told = "";
let timer;

export function presence(where) {
  at = where;
  if (at.article || at.claim) {
    document.addEventListener("ledger:current", async (event) => {
      at.claim = event.detail.claim ?? null;
      typedAt = 0;
      await painted(); // the claim's own part is there then
      beat(true);
      draw();
    });
    document.addEventListener("input", (event) => {
      if (!event.target.form || !typedForms(event.target.form).length) return;
      typedAt = Date.now();
      beat();
    });
    // What was typed has been sent.
    document.addEventListener("htmx:after:request", (event) => { if (event.detail.ctx.sourceElement.method === "post") { typedAt = 0; beat(); } });
    document.addEventListener("visibilitychange", () => (document.hidden ? leave() : beat(true)));
    addEventListener("pagehide", leave);
    addEventListener("pageshow", (event) => { if (event.persisted) beat(true); });
    beat(true);
  }
  document.addEventListener("htmx:after:swap", draw);
  document.addEventListener("ledger:lines", draw);
}

export function seen({ of, people }) {
  here.set(of, people);
  draw();
}

function beat(now = false) {
  if (document.hidden) return;
  const editing = Date.now() - typedAt < TYPING;
  const state = `${at.article} ${at.claim} ${editing}`;
  if (state === told && !now) return;
  told = state;
  clearTimeout(timer);
  // Soon again after typing, as it ends by itself.
  timer = setTimeout(() => beat(true), editing ? TYPING : BEAT);
  send({ article: at.article ?? "", claim: at.claim ?? "", editing: editing ? "1" : "" });
}

function send(values) {
  const body = new URLSearchParams({ page, ...values });
  fetch("/presence", { method: "POST", body, headers: { "X-CSRFToken": token() }, keepalive: true }).catch(() => {});
}

function leave() {
  clearTimeout(timer);
  told = "";
  navigator.sendBeacon("/presence", new URLSearchParams({ page, leave: "1", csrf_token: token() }));
}

function draw() {
  for (const marks of document.querySelectorAll(".here-marks, .here-mark")) marks.remove();
  const people = here.get(at.article) ?? here.get(at.claim) ?? [];
  for (const person of people) {
    const line = person.claim && document.querySelector(`#c-${CSS.escape(person.claim)} > a`);
    if (line) marksOf(line).append(mark(person));
  }
  const others = people.filter((person) => person.claim !== at.claim);
  const facts = document.querySelector(".bench-facts");
  if (facts && others.length) facts.append(among("Also here: ", others));
  const same = at.claim ? people.filter((person) => person.claim === at.claim) : [];
  panel(same);
  for (const spot of document.querySelectorAll("[data-presence]")) {
    const those = here.get(spot.dataset.presence) ?? [];
    if (those.length) spot.append(among("Here: ", those));
  }
}

function marksOf(line) {
  const last = line.lastElementChild;
  if (last?.matches(".here-marks")) return last;
  const marks = document.createElement("span");
  marks.className = "here-marks";
  line.append(marks);
  return marks;
}

function mark(person) {
  const span = document.createElement("span");
  span.className = `here-mark${person.editing ? " typing" : ""}`;
  span.title = words(person);
  const letters = document.createElement("span");
  letters.setAttribute("aria-hidden", "true");
  letters.textContent = person.initials;
  const said = document.createElement("span");
  said.className = "vh";
  said.textContent = ` ${words(person)}`;
  span.append(letters, said);
  return span;
}

function among(words, people) {
  const span = document.createElement("span");
  span.className = "here-mark among";
  span.append(words);
  people.forEach((person, n) => {
    const name = document.createElement("bdi");
    name.textContent = person.name;
    span.append(n ? ", " : "", name);
  });
  return span;
}

function panel(people) {
  const case_ = document.querySelector("#panel .case, .claim-page #main");
  if (!case_) return;
  let line = document.getElementById("here");
  if (!line || !case_.contains(line)) {
    line?.remove();
    if (!people.length) return;
    line = document.createElement("p");
    line.id = "here";
    line.className = "here";
    line.setAttribute("role", "status");
    const head = case_.querySelector(".claim-head");
    if (head) head.before(line);
    else case_.prepend(line);
  }
  const text = people.map(words).join(" · ");
  if (line.textContent !== text) line.textContent = text;
  line.hidden = !text;
}

function words(person) {
  return `\u2068${person.name}\u2069 is ${person.editing ? "typing" : "here"}`;
}
