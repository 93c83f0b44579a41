// One stream of what changes for all tabs of this browser: the tab that leads has it and passes on what it
// hears. Where the ledger has no place for another stream, it is asked every now and then instead.

import { ask as askSession, lost, signedOut } from "./net.js";

const POLL = 15000;
const PATIENCE = 4000; // a stream that ends comes back sooner than this
const KEPT = 200;

// `topics()` gives {articles, claims} of this page; `heard(kind, data)` is called with what concerns anybody's.
export function stream(topics, seq, heard) {
  const me = document.body.dataset.me;
  const tab = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  const shares = Boolean(navigator.locks && globalThis.BroadcastChannel);
  const tabs = new Map(); // tab → {articles, claims}
  const past = []; // what was heard lately, for tabs that come later
  const here = new Map(); // who is at what, as last told
  let wire = null;
  let last = seq; // the place in the log that this page shows
  let reached = seq; // the place in the log that the stream has reached
  let source = null;
  let leading = false;
  let release = null;
  let timer = null;
  let opened = "";
  let polls = 0;

  function start() {
    if (!shares) return lead();
    wire = new BroadcastChannel(`ledger-live:${me}`);
    wire.onmessage = (event) => got(event.data);
    navigator.locks.request(`ledger-live:${me}`, () => new Promise((done) => { release = done; lead(); }));
    join();
  }

  function stop() {
    wire?.postMessage({ kind: "bye", tab });
    wire?.close();
    wire = null;
    close();
    leading = false;
    release?.();
    release = null;
  }

  function join() {
    if (leading) return admit(tab, topics(), last);
    wire?.postMessage({ kind: "join", tab, topics: topics(), seq: last });
  }

  function got(message) {
    if (message.kind === "heard") return tell(message.name, message.data);
    if (message.kind === "who") return join();
    if (!leading) return;
    if (message.kind === "join") admit(message.tab, message.topics, message.seq);
    if (message.kind === "bye") tabs.delete(message.tab);
  }

  function lead() {
    leading = true;
    tabs.set(tab, topics());
    wire?.postMessage({ kind: "who" });
    clearTimeout(timer);
    timer = setTimeout(open, shares ? 120 : 0);
  }

  function admit(who, wanted, since) {
    tabs.set(who, wanted);
    if (since < (past[0]?.data.seq ?? Infinity) - 1 && since < reached) reached = since;
    else for (const { name, data } of past) if (data.seq > since && who !== tab) wire?.postMessage({ kind: "heard", name, data });
    if (who !== tab) for (const data of here.values()) wire?.postMessage({ kind: "heard", name: "presence", data });
    if (opened && address() !== opened) { clearTimeout(timer); timer = setTimeout(open, 120); }
  }

  function address() {
    const asked = new URLSearchParams();
    const both = [...tabs.values()];
    const articles = new Set(both.flatMap((one) => one.articles));
    const claims = new Set(both.flatMap((one) => one.claims));
    for (const id of [...articles].sort().slice(0, 80)) asked.append("article", id);
    for (const id of [...claims].sort().slice(0, 20)) asked.append("claim", id);
    return asked.toString();
  }

  function close() {
    clearTimeout(timer);
    source?.close();
    source = null;
    opened = "";
  }

  function open() {
    close();
    if (!leading) return;
    opened = address();
    if (!opened) return;
    source = new EventSource(`/live?${opened}&seq=${reached}&browser=${shares ? browser() : tab}`);
    source.onopen = () => {
      clearTimeout(timer);
      if (document.documentElement.hasAttribute("data-away")) askSession();
    };
    for (const name of ["changed", "presence", "lost"]) {
      source.addEventListener(name, (event) => {
        const data = JSON.parse(event.data);
        if (name === "lost") data.seq = Number(event.lastEventId);
        pass(name, data);
      });
    }
    source.onerror = () => {
      clearTimeout(timer);
      if (source?.readyState === EventSource.CLOSED) ask();
      else timer = setTimeout(ask, PATIENCE);
    };
  }

  // Once, in place of a stream: it also tells why there is none.
  async function ask() {
    const streaming = source?.readyState === EventSource.CONNECTING;
    let answer;
    try {
      answer = await fetch(`/live/since?${opened || address()}&seq=${reached}`, { cache: "no-store" });
    } catch {
      lost();
      return void (timer = setTimeout(open, PATIENCE));
    }
    if (answer.status === 401) { close(); return signedOut(); }
    if (!answer.ok) return void (timer = setTimeout(open, POLL));
    const now = await answer.json();
    if (now.lost) pass("lost", { seq: now.seq });
    for (const change of now.changes) pass("changed", change);
    for (const who of now.presence) pass("presence", who);
    reached = Math.max(reached, now.seq);
    if (document.documentElement.hasAttribute("data-away")) askSession();
    if (!streaming) timer = setTimeout(++polls % 4 ? ask : open, POLL + Math.random() * 1000);
  }

  function pass(name, data) {
    if (data.seq !== undefined) {
      reached = Math.max(reached, data.seq);
      past.push({ name, data });
      if (past.length > KEPT) past.shift();
    } else here.set(data.of, data);
    wire?.postMessage({ kind: "heard", name, data });
    tell(name, data);
  }

  function tell(name, data) {
    if (data.seq !== undefined) {
      if (data.seq <= last) return;
      last = data.seq;
    }
    heard(name, data);
  }

  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => { if (event.persisted) start(); });
  document.addEventListener("ledger:back", () => { if (leading) open(); });
  start();
  return { again: join };
}

function browser() {
  try {
    const known = localStorage.getItem("ledger-browser") ?? crypto.randomUUID();
    localStorage.setItem("ledger-browser", known);
    return known;
  } catch {
    return crypto.randomUUID();
  }
}
