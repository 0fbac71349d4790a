/** What a {@link Problem} tells besides its code. What is left out has the value that its field is described with. */
export interface ProblemFields {
  status?: number;
  detail?: string;
  retryable?: boolean;
  retryAfter?: number | null;
  cause?: unknown;
}

/** Codes of this client's own that waiting can cure; those of the server say it themselves. */
const PASSING = new Set(["server_away", "network_lost", "media_blocked", "closed", "nobody", "silent"]);

/** What the codes of this client's own mean, for who shows `detail`. */
const DETAILS: Record<string, string> = {
  server_away: "The server does not answer. Try again when it is up, or when this device is online.",
  network_lost: "The network between here and the server does not carry the stream any more.",
  media_blocked: "The server answers, but no media gets through. A firewall may block its media port.",
  closed: "The server has ended the session.",
  nobody: "Nobody is publishing in the room.",
  silent: "The publisher sends nothing at the moment.",
  webrtc_missing: "This browser has no WebRTC, or it is turned off.",
};

/**
 * Everything that can go wrong between a page and the server, as one type of error. Programs go by `code` and
 * `retryable`, people by `detail`. Codes of the server are in its contract, at `/docs`; more of them may come, so treat
 * one that you do not know by `retryable`.
 *
 * These codes are the client's own, and have `status` 0:
 *
 * | code | what | retryable |
 * |---|---|---|
 * | `server_away` | no answer, or none in time; no token in time to ask for one | yes |
 * | `network_lost` | an established connection carries nothing any more | yes |
 * | `media_blocked` | the offer was accepted, but ICE or DTLS did not get through | yes |
 * | `closed` | the server ended the session | yes |
 * | `nobody`, `silent` | a room without a publisher; a publisher that sends nothing | yes |
 * | `answer_invalid` | an answer that is not the contract's: a proxy's page, no SDP, a session elsewhere; a redirect to another origin | no |
 * | `token_in_url` | an address that holds a token, or anything else that may be one | no |
 * | `server_invalid`, `token_malformed`, `room_name_invalid`, `stream_invalid` | an argument that cannot be right | no |
 * | `unexpected` | an error of the page's own, as of its token function; it is the `cause` | no |
 * | `webrtc_missing`, `codec_missing` | a browser without WebRTC, or without the codec that it is to send | no |
 */
export class Problem extends Error {
  override readonly name = "Problem";
  /** What went wrong, for programs. */
  readonly code: string;
  /** The HTTP status; 0 where the server did not say it. */
  readonly status: number;
  /** What went wrong and what to do next, for people. It never holds a token. */
  readonly detail: string;
  /** Whether the same may succeed later. */
  readonly retryable: boolean;
  /** Milliseconds to wait at least before trying again, as the server asks (RFC 9110 §10.2.3); null if it does not. */
  readonly retryAfter: number | null;

  constructor(code: string, fields: ProblemFields = {}) {
    const detail = fields.detail ?? DETAILS[code] ?? "";
    super(detail || code, { cause: fields.cause });
    this.code = code;
    this.status = fields.status ?? 0;
    this.detail = detail;
    this.retryable = fields.retryable ?? PASSING.has(code);
    this.retryAfter = fields.retryAfter ?? null;
  }
}

/** The most that is taken of a text for people, in characters: it is shown whole. */
const LONGEST_DETAIL = 2000;

/** Statuses that pass, whoever answers with them: a proxy before the server does so while the server is away. */
const PASSING_STATUS = new Set([408, 429, 502, 503, 504]);

/** Codes for refusals without a problem document, by their status. */
const CODES: Record<number, string> = {
  401: "token_missing", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 413: "body_too_large",
  415: "media_type_unsupported", 429: "rate_limited", 502: "unavailable", 503: "unavailable", 504: "unavailable",
};

/** Reads a refusal (RFC 9457). What is no problem document, a proxy's page say, becomes a Problem by its status. */
export function problemOf(response: Response, text: string): Problem {
  const { status } = response;
  const body = objectOf(text);
  const code = typeof body["code"] === "string" ? body["code"] : (CODES[status] ?? "answer_invalid");
  return new Problem(code, {
    status,
    detail: typeof body["detail"] === "string" ? body["detail"].slice(0, LONGEST_DETAIL) : `The server answered ${status} and did not say why.`,
    retryable: typeof body["retryable"] === "boolean" ? body["retryable"] : PASSING_STATUS.has(status),
    retryAfter: waitOf(response.headers.get("Retry-After")),
  });
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Retry-After is seconds or a date; what is neither says nothing. */
function waitOf(header: string | null): number | null {
  if (!header) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
