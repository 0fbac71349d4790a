const FIRST = 500;
const LONGEST = 15_000;
const HOUR = 3_600_000;

/**
 * Milliseconds to wait after so many failures in a row, 0 being the first: doubled each time up to 15 s, and spread by a
 * quarter to both sides so that a crowd does not come back all at once. What the server asks for is waited at least, and
 * spread to the later side; nobody waits longer than an hour.
 */
export function backoff(failures: number, retryAfter: number | null): number {
  if (retryAfter !== null) return Math.min(HOUR, Math.max(FIRST, retryAfter)) * (1 + Math.random() / 4);
  return spread(Math.min(LONGEST, FIRST * 2 ** failures));
}

/** So many milliseconds, give or take a quarter. */
export function spread(ms: number): number {
  return ms * (0.75 + Math.random() / 2);
}

/** Resolves after ms, or when the signal aborts, or, if it may be cut short, when the browser comes online. */
export function pause(ms: number, signal: AbortSignal, cutShort: boolean): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const done = () => {
      over.abort();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (cutShort) addEventListener("online", done, { signal: over.signal });
    signal.addEventListener("abort", done, { signal: over.signal });
    if (signal.aborted) done();
  });
}
