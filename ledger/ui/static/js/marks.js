// A mark and its line in the list light up together.

export function marks() {
  const text = document.getElementById("text");
  if (!text) return;
  let lit = [];

  function light(ids) {
    for (const element of lit) element.classList.remove("lit");
    lit = ids.flatMap((id) => [
      ...text.querySelectorAll(`[data-claims~="${CSS.escape(id)}"]`),
      ...document.querySelectorAll(`#c-${CSS.escape(id)}`),
    ]);
    for (const element of lit) element.classList.add("lit");
  }

  for (const kind of ["mouseover", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const mark = event.target.closest?.("[data-claims]");
      const item = event.target.closest?.(".item[data-claim]");
      light(mark ? mark.dataset.claims.split(" ") : item ? [item.dataset.claim] : []);
    });
  }
}
