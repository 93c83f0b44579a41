// Times in the reader's own zone; the page has them in UTC.

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

export function localTimes(part) {
  for (const time of part.querySelectorAll("time[datetime]:not([data-local])")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    time.dataset.local = "";
    time.title = whole.format(at);
    time.textContent = time.dataset.day === dayOf(at) ? clock.format(at) : near(at);
  }
}

// As a heading above the time may have named the day already.
function dayOf(at) {
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
}

function near(at) {
  const now = new Date();
  const minutes = Math.round((now - at) / 60000);
  if (minutes >= 0 && minutes < 1) return "just now";
  if (minutes > 0 && minutes < 60) return `${minutes} min ago`;
  if (at.toDateString() === now.toDateString()) return `today ${clock.format(at)}`;
  return `${day.format(at)}, ${clock.format(at)}`;
}
