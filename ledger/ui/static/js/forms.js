// What is typed into a form, and what differs from what the page came with.

const TYPED = 'textarea, input:not([type]), input[type="text"], input[type="url"], input[type="search"], input[type="email"], input[type="number"], input[type="date"]';

// Forms in which people type; a password is nobody's draft.
export function typedForms(part = document) {
  const forms = part instanceof HTMLFormElement ? [part] : [...part.querySelectorAll("form")];
  return forms.filter((form) => form.method === "post" && form.querySelector(TYPED) && !form.querySelector('[type="password"]'));
}

export function fields(form) {
  return [...form.elements].filter((field) => field.name && !["hidden", "file", "submit", "button", "password", "fieldset"].includes(field.type));
}

// The name under which a field's value is kept: of boxes with one name, each for itself.
function nameOf(field) {
  return field.type === "checkbox" ? `${field.name}=${field.value}` : field.name;
}

function now(field) {
  if (field.type === "checkbox") return field.checked;
  return field.type === "radio" ? (field.checked ? field.value : undefined) : field.value;
}

function before(field) {
  if (field.type === "checkbox") return field.defaultChecked;
  if (field.type === "radio") return field.defaultChecked ? field.value : undefined;
  if (field instanceof HTMLSelectElement) return (field.querySelector("option[selected]") ?? field.options[0])?.value ?? "";
  return field.defaultValue;
}

function values(form, value) {
  const found = {};
  for (const field of fields(form)) {
    const one = value(field);
    if (one !== undefined) found[nameOf(field)] = one;
  }
  return found;
}

export const typed = (form) => values(form, now);
export const came = (form) => values(form, before);

// Only what differs from what the page came with.
export function changes(form) {
  const was = came(form);
  return Object.fromEntries(Object.entries(typed(form)).filter(([name, value]) => value !== (was[name] ?? (value === true ? false : ""))));
}

export const isTyped = (form) => Object.keys(changes(form)).length > 0;

export function fill(form, kept) {
  for (const field of fields(form)) {
    const name = nameOf(field);
    if (!(name in kept)) continue;
    if (field.type === "radio") field.checked = field.value === kept[name];
    else if (field.type === "checkbox") field.checked = kept[name] === true;
    else field.value = kept[name];
  }
}

// What stands now, beneath each field where that is something else than what one types and than what one began with.
export function showTheirs(form, theirs, began) {
  for (const field of fields(form)) {
    const stands = theirs[nameOf(field)];
    const id = `${field.id || field.name}-theirs`;
    if (field.type === "checkbox" || field.type === "radio" || stands === undefined) continue;
    const differs = stands !== began[nameOf(field)] && stands !== field.value;
    let note = document.getElementById(id);
    if (!differs) { note?.matches("[data-early]") && note.remove(); continue; }
    if (!note) {
      note = document.createElement("div");
      note.id = id;
      note.className = "theirs";
      note.dataset.early = "";
      field.after(note);
      field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), id].filter(Boolean).join(" "));
    }
    const words = document.createElement("span");
    words.dir = "auto";
    words.textContent = stands || "nothing";
    const label = document.createElement("strong");
    label.textContent = "Stands now:";
    note.replaceChildren(label, " ", words);
  }
}
