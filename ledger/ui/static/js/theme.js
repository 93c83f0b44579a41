// Before the first paint: the theme that this browser chose. A plain script, as modules run too late.
(() => {
  const root = document.documentElement;
  let kept = null;
  try { kept = localStorage.getItem("theme"); } catch { /* a browser may forbid it */ }
  if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  const dark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.toggleAttribute("data-dark", dark);
})();
