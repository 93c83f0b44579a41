// Resolves once the frame with all that was written is on the screen and nothing else is pressing: for what
// can wait until then, but not for long. A page that nobody sees draws no frames.

const SOON = 100; // milliseconds
// Safari tells of no idle time.
const idle = globalThis.requestIdleCallback ?? ((done) => setTimeout(done, 20));

export function painted() {
  return new Promise((done) => {
    if (document.hidden) setTimeout(done);
    else requestAnimationFrame(() => idle(done, { timeout: SOON }));
  });
}
