// Dark or light, kept in this browser.

export function themeButton() {
  const button = document.getElementById("theme");
  const root = document.documentElement;
  button.hidden = false;
  button.addEventListener("click", () => {
    const dark = !root.hasAttribute("data-dark");
    root.toggleAttribute("data-dark", dark);
    root.dataset.theme = dark ? "dark" : "light";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* it lasts for this page then */ }
  });
}
