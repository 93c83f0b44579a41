// Evidence in the fewest keystrokes: paste a link, one key for how it bears on the claim, paste the quote, add.
// Everything here only saves steps; the form is one that works without it.

const KEYS = { s: "supports", r: "refutes", c: "context" };

export function evidence() {
  document.addEventListener("paste", (event) => {
    const link = event.target.closest?.("#url-new");
    // After the browser has put the words in.
    if (link) setTimeout(() => pasted(link));
  });

  document.addEventListener("input", (event) => {
    const link = event.target.closest?.("#url-new");
    if (link) tellKnown(link);
  });

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("#evidence-form");
    if (!form || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const radio = event.target.closest('input[type="radio"]');
    if (radio && KEYS[event.key.toLowerCase()]) return choose(event, form, KEYS[event.key.toLowerCase()]);
    const nothing = event.target.matches("#quote-new") && !event.target.value;
    if (event.key === "Enter" && nothing) {
      event.preventDefault();
      form.requestSubmit();
    }
  }, true);

  // A piece that waits for its copy asks now and then; when the log says that something came, at once.
  document.addEventListener("ledger:changed", () => {
    for (const waiting of document.querySelectorAll(".piece-state [data-quiet]")) globalThis.htmx.trigger(waiting, "look");
  });

  // The bar over selected words offers them as a quote.
  document.addEventListener("ledger:quote", (event) => {
    const form = document.getElementById("evidence-form");
    if (form) quote(form, String(event.detail?.text ?? ""));
  });
}

function pasted(link) {
  tellKnown(link);
  if (!link.isConnected || document.activeElement !== link || !isOne(link.value)) return;
  const { form } = link;
  (form.querySelector('[name="stance"]:checked') ?? form.querySelector('[name="stance"]')).focus();
}

function isOne(value) {
  return /^\s*https?:\/\/\S+\s*$/i.test(value) && URL.canParse(value.trim());
}

function choose(event, form, stance) {
  event.preventDefault();
  event.stopPropagation();
  form.querySelector(`[name="stance"][value="${stance}"]`).checked = true;
  form.querySelector("#quote-new").focus();
}

function quote(form, words) {
  const field = form.querySelector("#quote-new");
  const kept = field.value.trim();
  field.value = kept && kept !== words ? `${kept}\n${words}` : words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  form.scrollIntoView({ block: "nearest" });
  form.querySelector("#url-new").focus();
}

// The same link again is allowed with other words, but said before it is sent.
function tellKnown(link) {
  const told = link.form.querySelector("#url-new-known");
  const known = JSON.parse(link.form.dataset.known || "[]");
  const words = isOne(link.value) && known.includes(plain(link.value)) ? "This link is evidence here already; add it again only with other words." : "";
  if (told.textContent !== words) told.textContent = words;
}

function plain(value) {
  const address = new URL(value.trim());
  address.hash = "";
  return address.href;
}
