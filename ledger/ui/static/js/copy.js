// Buttons that copy; hidden in the page, as without a script they could do nothing.

export function copyButtons(part) {
  for (const button of part.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.lastChild.textContent = " Copied";
    });
  }
}
