// The visitor's bearer token: kept in this browser, taken from a link's fragment, never put into a query.

const KEY = "rostrum.token";
let inMemory = ""; // stands in where the browser refuses storage
const listeners = new Set();

/** The stored token, or "". */
export function token() {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return inMemory;
  }
}

/** Remembers a token, or with "" forgets it, and tells everyone who listens. */
export function keepToken(value) {
  inMemory = value.trim();
  try {
    if (inMemory) localStorage.setItem(KEY, inMemory);
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is off: the token lasts as long as this page.
  }
  for (const listener of listeners) listener(inMemory);
}

/** Calls listener at each later change that this page makes. */
export function onToken(listener) {
  listeners.add(listener);
}

/** Lets a token field be looked at: the button turns the dots into letters and back. */
export function revealOnClick(button, field) {
  button.addEventListener("click", () => {
    const hidden = field.type === "password";
    field.type = hidden ? "text" : "password";
    button.textContent = hidden ? "Hide" : "Show";
    button.setAttribute("aria-pressed", String(hidden));
  });
}

/** Takes "#token=..." out of the address, so that neither a copied link nor the history passes it on. */
function takeFromFragment() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given === null) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  if (given.trim()) keepToken(given);
}

takeFromFragment();
addEventListener("hashchange", takeFromFragment);
