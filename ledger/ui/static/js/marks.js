// A mark and its entry in the list light up together.

export function marks() {
  const text = document.getElementById("text");
  if (!text) return;
  let lit = [];

  function light(ids) {
    for (const element of lit) element.classList.remove("lit");
    lit = ids.flatMap((id) => [
      ...text.querySelectorAll(`[data-claims~="${id}"]`),
      ...document.querySelectorAll(`#c-${CSS.escape(id)}`),
    ]);
    for (const element of lit) element.classList.add("lit");
  }

  for (const kind of ["mouseover", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const mark = event.target.closest?.("[data-claims]");
      const item = event.target.closest?.("[data-claim]");
      light(mark ? mark.dataset.claims.split(" ") : item ? [item.dataset.claim] : []);
    });
  }

  // A click on a mark brings its entry in view and puts the focus there, without losing the place in the text.
  text.addEventListener("click", (event) => {
    const mark = event.target.closest(".mark");
    if (!mark || event.metaKey || event.ctrlKey || !getSelection().isCollapsed) return;
    const item = document.querySelector(mark.getAttribute("href"));
    if (!item) return;
    event.preventDefault();
    history.replaceState(null, "", mark.hash);
    item.scrollIntoView({ block: "nearest" });
    item.focus({ preventScroll: true });
  });
}
