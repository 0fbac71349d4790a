// When to try again: later each time, never all at once, and at once when the network returns.

const FIRST = 500;
const LONGEST = 15_000;

/** How many milliseconds to wait after so many failures in a row (0 is the first): doubling, capped, spread by a quarter. */
export function backoff(failures) {
  const ms = Math.min(LONGEST, FIRST * 2 ** failures);
  return ms * (0.75 + Math.random() / 2);
}

/** Resolves after ms, or when the browser comes online, or when signal aborts: whichever is first. */
export function pause(ms, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
