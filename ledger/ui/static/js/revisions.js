// Two texts set against each other: steps from claim to claim. The keys press what stands on the claim at hand.

export function revisions() {
  const entries = [...document.querySelectorAll(".compare .entry")];
  const again = entries.filter((one) => one.classList.contains("again"));
  if (!entries.length) return;
  let current = null;

  function take(entry, { focus = true } = {}) {
    if (!entry) return;
    current?.classList.remove("current");
    for (const control of current?.querySelectorAll("[data-does]") ?? []) delete control.dataset.action;
    current = entry;
    entry.classList.add("current");
    for (const control of entry.querySelectorAll("[data-does]")) control.dataset.action = control.dataset.does;
    if (!focus) return;
    history.replaceState(history.state, "", `#${entry.id}`);
    entry.focus({ preventScroll: true });
    entry.scrollIntoView({ block: "nearest" });
  }

  // Past the last one, the first.
  function step(among, by) {
    const at = among.indexOf(current);
    const from = at < 0 && current ? entries.indexOf(current) : -1;
    if (at < 0 && from >= 0) {
      const beyond = among.filter((one) => (entries.indexOf(one) - from) * by > 0);
      return take(by > 0 ? beyond[0] ?? among[0] : beyond.at(-1) ?? among.at(-1));
    }
    take(among[(at + by + among.length + (at < 0 && by < 0 ? 1 : 0)) % among.length]);
  }

  const steps = [["step-on", () => step(entries, 1)], ["step-back", () => step(entries, -1)], ["step-again", () => step(again, 1)]];
  for (const [id, press] of steps) {
    const button = document.getElementById(id);
    if (!button) continue;
    button.hidden = id === "step-again" && !again.length;
    button.addEventListener("click", press);
  }
  const asked = () => entries.find((one) => `#${one.id}` === location.hash);
  addEventListener("hashchange", () => take(asked(), { focus: false }));
  document.addEventListener("focusin", (event) => {
    const entry = event.target.closest?.(".compare .entry");
    if (entry && entry !== current) take(entry, { focus: false });
  });
  take(asked() ?? again[0], { focus: false });
}
