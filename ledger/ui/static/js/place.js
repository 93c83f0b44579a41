// Nobody loses their place: where the focus goes after a part of the page was replaced.

let from = null; // the form that was sent, and where the focus goes once it is done

export function keepPlace(fresh) {
  const working = document.getElementById("working");
  let late;

  document.addEventListener("htmx:before:request", (event) => {
    if (isQuiet(event)) return;
    const form = event.detail.ctx.sourceElement;
    // What was said of the last deed must not stand beside the next one.
    if (form.method === "post") document.getElementById("messages").replaceChildren();
    from = { form, back: form.dataset?.back, item: form.closest?.(".panel") ? "statement" : form.closest?.(".item")?.id };
    leave(form);
    late = setTimeout(() => { working.hidden = false; }, 400);
  });

  document.addEventListener("htmx:before:swap", (event) => {
    const { response, sourceElement } = event.detail.ctx;
    // What was taken need not stay in the field; what was refused must.
    if (response?.status < 400 && sourceElement instanceof HTMLFormElement && sourceElement.method === "post") sourceElement.reset();
  });

  document.addEventListener("htmx:after:swap", (event) => {
    fresh(document);
    if (isQuiet(event)) return;
    const { response } = event.detail.ctx;
    // Whoever has gone on to write elsewhere is not called back: the next letters would go astray.
    if (writesElsewhere(from?.form)) return;
    const lost = !document.activeElement || document.activeElement === document.body;
    if (response?.status >= 400) focusOn(document.querySelector('[aria-invalid="true"], #main [data-focus]'));
    else if (lost || from?.back) focusOn(document.getElementById(from?.back || from?.item || "main"));
  });

  document.addEventListener("htmx:error", (event) => {
    if (!isQuiet(event) && from?.left?.isConnected && document.activeElement === from.waits) focusOn(from.left);
  });

  document.addEventListener("htmx:finally:request", (event) => {
    if (isQuiet(event)) return;
    clearTimeout(late);
    working.hidden = true;
  });

  focusOn(document.querySelector('[aria-invalid="true"], [data-focus]'));
}

// Whoever has sent a form types no longer in it: until the answer is there, the next key is a command, not a
// letter more; and once it is there, the letters of the next field are no commands.
function leave(form) {
  const field = document.activeElement;
  if (!(form instanceof HTMLFormElement) || field?.form !== form || !field.matches("textarea, input:not([type=radio], [type=checkbox], [type=submit])")) return;
  const waits = document.getElementById(from.back || from.item || "main");
  if (!waits) return;
  waits.focus({ preventScroll: true });
  Object.assign(from, { left: field, waits });
}

// What the page itself asks for, not the person: it moves no focus and says nothing of working.
function isQuiet(event) {
  return Boolean(event.detail?.ctx?.sourceElement?.closest?.("[data-quiet]"));
}

function writesElsewhere(form) {
  const active = document.activeElement;
  return Boolean(active?.matches("textarea, select, input:not([type=radio], [type=checkbox])") && form instanceof HTMLFormElement && active.form !== form);
}

function focusOn(element) {
  if (!element) return;
  if (element.matches(".item")) element = element.querySelector("button, a") ?? element;
  element.focus({ preventScroll: false });
}
