// Whether the ledger answers, and whether one is still signed in. What is typed stays, whatever happens; a
// form that could not be sent says so and offers to be sent again.

const AGAIN = 4000; // milliseconds between two questions whether the ledger answers again
let bar = null;
let away = false; // the ledger does not answer
let out = false; // the session has ended
let timer;
const waiting = new Set(); // forms that were not taken

export function net() {
  if (!document.body.dataset.me) return;
  bar = document.createElement("div");
  bar.className = "net";
  bar.id = "net";
  bar.setAttribute("role", "status");
  document.getElementById("messages").before(bar);

  document.addEventListener("htmx:error", (event) => {
    if (event.detail?.ctx?.response) return;
    hold(event.detail?.ctx?.sourceElement);
    lost();
  });
  document.addEventListener("htmx:before:response", (event) => {
    const { response, sourceElement } = event.detail.ctx;
    const forged = response.status === 400 && response.headers.get("X-Problem") === "csrf";
    if (response.status !== 401 && !forged) return;
    event.preventDefault();
    hold(sourceElement);
    signedOut();
  });
  document.addEventListener("htmx:after:request", (event) => release(event.detail.ctx.sourceElement));
  addEventListener("offline", lost);
  addEventListener("online", ask);
  addEventListener("focus", () => { if (out || away) ask(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && (out || away)) ask(); });
  document.addEventListener("ledger:unkept", () => say("This browser does not let the ledger keep drafts: save often.", "bad"), { once: true });
  const others = channel();
  if (others) {
    others.onmessage = () => { if (out) ask(); };
    others.postMessage("here");
  }
}

function channel() {
  return "BroadcastChannel" in globalThis ? new BroadcastChannel("ledger-session") : null;
}

export function lost() {
  if (away || out) return;
  away = true;
  document.documentElement.toggleAttribute("data-away", true);
  show("The ledger does not answer. What you type is kept in this browser.", "wifi-off");
  timer = setTimeout(ask, AGAIN);
}

export function signedOut() {
  if (out) return;
  out = true;
  away = false;
  const link = document.createElement("a");
  link.href = "/sign-in";
  link.target = "_blank";
  link.rel = "opener";
  link.textContent = "Sign in again in a new tab";
  show("You are signed out. Nothing you typed is lost.", "key-round", link);
  timer = setTimeout(ask, AGAIN);
}

// Ask whether the ledger answers and who is signed in; a page may have outlived its session's tokens.
export async function ask() {
  clearTimeout(timer);
  let answer;
  try {
    answer = await fetch("/session", { headers: { Accept: "application/json" }, cache: "no-store" });
  } catch {
    if (!out) lost();
    timer = setTimeout(ask, AGAIN);
    return;
  }
  if (answer.status === 401) { signedOut(); timer = setTimeout(ask, AGAIN); return; }
  if (!answer.ok) { timer = setTimeout(ask, AGAIN); return; }
  back(await answer.json());
}

function back(now) {
  if (now.account !== document.body.dataset.me) {
    out = true;
    const link = document.createElement("a");
    link.href = "";
    link.textContent = "Load the page anew";
    show(`${now.name} is signed in in this browser now. What you typed is kept for you and hidden from them.`, "users", link);
    return;
  }
  const were = { away, out };
  away = out = false;
  document.documentElement.removeAttribute("data-away");
  renew(now.csrf);
  if (!were.away && !were.out) return;
  bar.replaceChildren();
  bar.classList.remove("shown");
  for (const form of waiting) remind(form, were.out ? "You are signed in again. This was not sent yet." : "The ledger answers again. This was not sent yet.");
  say(were.out ? "You are signed in again." : "The ledger answers again.", "good");
  document.dispatchEvent(new CustomEvent("ledger:back"));
}

// Another session has another token, and every form must carry it.
function renew(token) {
  document.body.setAttribute("hx-headers:inherited", JSON.stringify({ "X-CSRFToken": token }));
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = token;
}

export function token() {
  return JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];
}

function hold(form) {
  if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
  waiting.add(form);
  remind(form, "Not sent. What you typed is kept.");
}

function remind(form, words) {
  if (!form.isConnected) return void waiting.delete(form);
  let line = form.querySelector(":scope > .unsent");
  if (!line) {
    line = document.createElement("p");
    line.className = "unsent";
    line.setAttribute("role", "status");
    form.append(line);
  }
  const button = document.createElement("button");
  button.type = "submit";
  button.className = "button small";
  button.textContent = "Send again";
  line.replaceChildren(words, " ", button);
}

function release(form) {
  if (!waiting.delete(form)) return;
  form.querySelector(":scope > .unsent")?.remove();
}

function show(words, icon, link) {
  const line = document.createElement("p");
  const said = document.createElement("span");
  said.textContent = words;
  line.append(drawn(icon), said);
  if (link) line.append(" ", link);
  bar.replaceChildren(line);
  bar.classList.add("shown");
}

function drawn(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

function say(words, kind) {
  const message = document.createElement("div");
  message.className = `message ${kind}`;
  const line = document.createElement("p");
  line.textContent = words;
  message.append(line);
  document.getElementById("messages").replaceChildren(message);
}
