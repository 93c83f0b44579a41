// While somebody presses, nothing may move beneath the pointer: a button that slips away between the press
// and the release is never clicked, and the click would fall on something else.

let pressed = false;
let put = [];

addEventListener("pointerdown", () => { pressed = true; }, true);
// The click comes in the same turn as the release.
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(released), true);
addEventListener("blur", released); // of the window

function released() {
  pressed = false;
  for (const act of put.splice(0)) act();
}

// Do it now, or as soon as nothing is pressed any more.
export function unpressed(act) {
  if (pressed) put.push(act);
  else act();
}
