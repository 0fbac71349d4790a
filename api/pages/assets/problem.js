// One type for everything that can go wrong, whether the server says it or this browser.

/** Codes of this page's own that waiting can cure. Those of the server say it themselves. */
const PASSING = new Set(["server_away", "network_lost", "media_blocked", "closed"]);

/** Codes that another token can cure. */
const TOKEN = new Set(["token_missing", "token_invalid", "forbidden"]);

export class Problem extends Error {
  /** retryAfter is in milliseconds; null where nobody named a time. */
  constructor(code, { detail = "", retryable = PASSING.has(code), retryAfter = null } = {}) {
    super(detail || code);
    Object.assign(this, { code, detail, retryable, retryAfter });
  }

  get asksForToken() {
    return TOKEN.has(this.code);
  }
}

/** Reads a refusal. A body that is no problem document (a proxy's, say) still becomes a Problem, by its status. */
export async function problemOf(response) {
  const body = await response.json().catch(() => ({}));
  const passing = [429, 502, 503, 504].includes(response.status);
  return new Problem(body.code ?? codeOfStatus(response.status), {
    detail: body.detail ?? "",
    retryable: body.retryable ?? passing,
    retryAfter: waitOf(response.headers.get("Retry-After")),
  });
}

/** Gives a failed camera, microphone or screen request its name. */
export function problemOfDevice(error, screen) {
  if (error instanceof Problem) return error;
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return new Problem(screen ? "screen_denied" : "camera_denied");
    case "NotFoundError":
    case "OverconstrainedError":
      return new Problem("device_missing");
    case "NotReadableError":
    case "AbortError":
      return new Problem("device_busy");
    default:
      return new Problem("unexpected", { detail: String(error.message ?? error) });
  }
}

/** Anything thrown, as a Problem: a fault of this page itself is shown rather than lost. */
export function asProblem(error) {
  if (error instanceof Problem) return error;
  console.error(error);
  return new Problem("unexpected", { detail: String(error.message ?? error) });
}

function codeOfStatus(status) {
  const codes = { 401: "token_missing", 403: "forbidden", 404: "not_found", 413: "body_too_large", 429: "rate_limited" };
  return codes[status] ?? (status >= 502 ? "unavailable" : "unexpected");
}

/** Retry-After is seconds or a date. */
function waitOf(header) {
  if (!header) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : null;
}
