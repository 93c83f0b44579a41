// The lists of the desk: choosing lines by keyboard and in ranges, the preview of a deed on many, what stands
// beside the list while one types. Each works without: boxes, a page for the preview, and a reload.

export function desk(fresh) {
  tellZone();
  const root = document.getElementById("desk");
  if (!root) return;
  let last = null; // where a range begins

  const boxes = () => [...root.querySelectorAll('[name="seen"]')];
  const lineOf = (element) => element?.closest?.(".line");

  function count() {
    const all = root.querySelector("[data-all]");
    const chosen = boxes().filter((box) => box.checked).length;
    const said = root.querySelector("[data-chosen]");
    if (said) said.textContent = all?.checked ? `${all.parentElement.textContent.trim()} chosen` : `${chosen} chosen`;
  }

  function choose(box, on, range) {
    const every = boxes();
    const from = range && last ? every.indexOf(last) : -1;
    const to = every.indexOf(box);
    for (const one of from < 0 ? [box] : every.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = on;
    last = box;
    // Whoever takes one out no longer means all that is found.
    const all = root.querySelector("[data-all]");
    if (all && !on) all.checked = false;
    count();
  }

  root.addEventListener("click", (event) => {
    const box = event.target.closest('[name="seen"]');
    if (box) choose(box, box.checked, event.shiftKey);
  });
  root.addEventListener("change", (event) => {
    if (!event.target.matches("[data-all]")) return;
    for (const box of boxes()) box.checked = event.target.checked;
    count();
  });

  // Ahead of the keys of other pages, which mean nothing in a list.
  document.addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.matches('input:not([type="checkbox"]), textarea, select, [contenteditable]')) {
      if (event.key === "Escape" && event.target.id === "q") event.target.blur();
      return;
    }
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    const inList = lineOf(document.activeElement);
    if (step && (inList || event.key.length === 1)) move(step);
    else if (event.key.toLowerCase() === "x" && inList) {
      const box = inList.querySelector('[name="seen"]');
      if (box) choose(box, !box.checked, event.shiftKey);
    } else if (event.key === "Escape" && boxes().some((box) => box.checked)) {
      for (const box of [...boxes(), root.querySelector("[data-all]")]) if (box) box.checked = false;
      count();
    } else return;
    event.preventDefault();
  }, { capture: true });

  function move(step) {
    const titles = [...root.querySelectorAll(".line-title")];
    const at = titles.indexOf(lineOf(document.activeElement)?.querySelector(".line-title"));
    const next = titles[at < 0 ? (step > 0 ? 0 : titles.length - 1) : at + step];
    next?.focus();
    next?.closest(".line").scrollIntoView({ block: "nearest" });
  }

  preview();

  // Facets and views follow the list a moment later: nobody types to see them.
  let later;
  let asked = 0;
  document.addEventListener("htmx:after:swap", () => {
    count();
    const field = document.getElementById("q");
    const list = document.getElementById("list");
    if (!field || !list || field.value.trim() === (root.dataset.shown ?? "").trim()) return;
    root.dataset.shown = field.value;
    clearTimeout(later);
    later = setTimeout(refresh, 350);
  });
  root.dataset.shown = document.getElementById("q")?.value ?? "";
  document.addEventListener("ledger:changed", () => {
    clearTimeout(later);
    later = setTimeout(refresh, 2000);
  });

  async function refresh() {
    const turn = ++asked;
    const facets = document.getElementById("facets");
    const address = new URL(root.dataset.facets, location.href);
    address.searchParams.set("q", document.getElementById("q").value);
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || turn !== asked || facets.contains(document.activeElement)) return;
    const part = document.createRange().createContextualFragment(await answer.text());
    facets.replaceChildren(part);
    window.htmx?.process(facets);
    fresh(facets);
  }
}

// What a deed would change opens above the list.
function preview() {
  const dialog = document.getElementById("bulk-dialog");
  if (!dialog) return;
  let back = null;
  // Whoever looks only, and goes back, has still chosen what they chose.
  let kept = [];
  document.addEventListener("htmx:before:swap", (event) => {
    const form = event.detail.ctx?.sourceElement;
    if (form?.id === "bulk") kept = [...form.elements].filter((one) => one.type !== "submit").map((one) => [one, one.checked, one.value]);
  }, { capture: true });
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx?.sourceElement?.id !== "bulk" || !dialog.firstElementChild || dialog.open) return;
    for (const [field, checked, value] of kept) {
      field.checked = checked;
      field.value = value;
    }
    back = document.activeElement;
    dialog.showModal();
    dialog.querySelector("[data-focus], [data-close]")?.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog && !event.target.closest("[data-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  // A thousand records take a second or two, all of them or none: say that it goes on, and take no second press.
  dialog.addEventListener("submit", (event) => {
    const button = event.target.querySelector('button[type="submit"]');
    if (!button || event.target.ariaBusy === "true") return event.preventDefault();
    event.target.ariaBusy = "true";
    button.textContent = "Working …";
    dialog.querySelector("[data-said]").textContent = "Working …";
  });
  dialog.addEventListener("close", () => {
    dialog.replaceChildren();
    back?.focus?.();
  });
}

// A day means its end where the person is: the ledger learns where that is.
function tellZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && /^[A-Za-z0-9_+/-]{1,60}$/.test(zone)) document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}
