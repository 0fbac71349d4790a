import { Problem, problemOf } from "./problem.js";

/** What holds for every request of a client. */
export interface Terms {
  /** The origin that requests, and with them the token, may go to. */
  origin: string;
  /** Asked before each request; "" sends no Authorization. */
  token: () => string;
  /** Milliseconds until an answer must be there, whole. */
  timeout: number;
}

/** The most that is read of one answer, in bytes. What is streamed is not read here. */
const LONGEST = 16 << 20;

/** What is handed on unread, since it is long or has no end: the media of recordings, and events. Nothing else may be so. */
const STREAMS = /^\/api\/(recordings\/[^/]+\/media|whep\/sessions\/[^/]+\/events\/[^/]+)$/;
const STREAMED = /^(video|audio)\/|^text\/event-stream$/;

/** Answers that the contract has besides those. */
const TEXTS = /^application\/(json|[\w.-]+\+json|yaml|sdp|trickle-ice-sdpfrag)$|^text\/plain$/;

/** Names of query parameters that look like a token's. */
const SECRETS = /^(access_?token|auth|authorization|bearer|jwt|token)$/i;

/**
 * Returns a fetch for openapi-fetch. Its answers are whole, in time, and of the contract: everything else rejects with a
 * {@link Problem}, but for an abort by the caller's own signal, which rejects with that signal's reason, and for what the
 * caller's token function throws.
 */
export function exchange(terms: Terms): (request: Request) => Promise<Response> {
  return async (request) => {
    authorize(request, terms);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(tooLate(terms.timeout)), terms.timeout);
    try {
      const response = await fetch(request, { signal: AbortSignal.any([request.signal, late.signal]) });
      if (new URL(response.url).origin !== terms.origin) throw invalid("A redirect led to another origin. Use the address of the server itself.");
      return await readWhole(request, response);
    } catch (error) {
      if (error instanceof Problem || request.signal.aborted) throw error;
      throw new Problem("server_away", { cause: error, detail: away(terms.origin) });
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Puts the token into Authorization (RFC 6750 §2.1), after a look that it is nowhere else. */
function authorize(request: Request, { token, origin }: Terms): void {
  const url = new URL(request.url);
  if (url.origin !== origin) throw new Problem("server_invalid", { detail: "The request is for another origin than the client's server." });
  if ([...url.searchParams.keys()].some((name) => SECRETS.test(name))) throw tokenInURL();
  const bearer = token();
  if (/[^\x21-\x7e]/.test(bearer)) {
    throw new Problem("token_malformed", { detail: "The token has spaces, line ends or letters that no token has. Copy it again." });
  }
  if (bearer) request.headers.set("Authorization", `Bearer ${bearer}`);
}

/** The refusal of an address with a token in it. */
export function tokenInURL(): Problem {
  return new Problem("token_in_url", {
    detail: "A token in an address ends up in logs, histories and the Referer of other sites. Give it as the option token: it then goes into the Authorization header alone.",
  });
}

async function readWhole({ method, url }: Request, response: Response): Promise<Response> {
  const type = (response.headers.get("Content-Type") ?? "").split(";", 1)[0]!.trim().toLowerCase();
  if (response.ok && method === "GET" && STREAMS.test(new URL(url).pathname) && STREAMED.test(type)) return response;
  const text = await textOf(response);
  if (!response.ok) throw problemOf(response, text);
  if (text && !TEXTS.test(type)) throw invalid(`The server answered with ${type || "no content type"}, which is not what its contract says. Something else may be at this address.`);
  if (type.endsWith("json") && text && !readable(text)) throw invalid("The server's answer is no JSON.");
  return new Response(text || null, { status: response.status, headers: response.headers });
}

async function textOf({ body }: Response): Promise<string> {
  if (!body) return "";
  const [reader, decoder] = [body.getReader(), new TextDecoder()];
  let text = "";
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > LONGEST) {
      await reader.cancel();
      throw invalid(`The server's answer is longer than ${LONGEST >> 20} MiB.`);
    }
    text += decoder.decode(value, { stream: true });
  }
}

function readable(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** An answer that is not the contract's. */
export function invalid(detail: string, cause?: unknown): Problem {
  return new Problem("answer_invalid", { detail, cause });
}

const tooLate = (ms: number) => new Problem("server_away", { detail: `The server has not answered within ${ms / 1000} s. Try again.` });

const away = (origin: string) =>
  origin === globalThis.location?.origin
    ? `${origin} cannot be reached. Try again when it is up, or when this device is online.`
    : `${origin} cannot be reached, or it does not let pages of other origins in: its http.cors_origins must name the origin of this page.`;
