import { Problem, problemOf } from "./problem.js";

/** What holds for every request of a client. */
export interface Terms {
  /** The origin that requests, and with them the token, may go to. */
  origin: string;
  /** Asked before each request; "" sends no Authorization. */
  token: () => string | Promise<string>;
  /** Milliseconds until an answer must be there, whole, and the token before it. */
  timeout: number;
}

/** The most that is read of one answer, in bytes. What is streamed is not read here. */
const LONGEST = 16 << 20;

/** What is handed on unread, since it is long or has no end: the media of recordings, and events. Nothing else may be so. */
const MEDIA = /^\/api\/recordings\/[^/]+\/media$/;
const EVENTS = /^\/api\/whep\/sessions\/[^/]+\/events\/[^/]+$/;
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
    checkAddress(request, terms);
    const over = new AbortController();
    let late = tokenLate;
    const timer = setTimeout(() => over.abort(late(terms.timeout)), terms.timeout);
    const signal = AbortSignal.any([request.signal, over.signal]);
    try {
      authorize(request, await unlessAborted(signal, terms.token));
      late = answerLate;
      return await send(request, signal, terms);
    } finally {
      clearTimeout(timer);
    }
  };
}

async function send(request: Request, signal: AbortSignal, { origin }: Terms): Promise<Response> {
  try {
    const media = MEDIA.test(new URL(request.url).pathname);
    // A store has an origin of its own, and older browsers would take the token there.
    const response = await fetch(request, { signal, redirect: media ? "manual" : request.redirect });
    if (response.type === "opaqueredirect" || new URL(response.url).origin !== origin) throw invalid(media ? ELSEWHERE : "A redirect led to another origin. Use the address of the server itself.");
    return await readWhole(request, response);
  } catch (error) {
    if (error instanceof Problem || request.signal.aborted) throw error;
    throw new Problem("server_away", { cause: error, detail: away(origin) });
  }
}

/** Resolves with what get gives; rejects with its error, or with the signal's reason where that aborts first. */
async function unlessAborted<T>(signal: AbortSignal, get: () => T | Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const done = new AbortController();
  try {
    const aborted = new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { signal: done.signal }));
    return await Promise.race([get(), aborted]);
  } finally {
    done.abort();
  }
}

/** The token goes to the server alone, and is in no address. */
function checkAddress(request: Request, { origin }: Terms): void {
  const url = new URL(request.url);
  if (url.origin !== origin) throw new Problem("server_invalid", { detail: "The request is for another origin than the client's server." });
  if ([...url.searchParams.keys()].some((name) => SECRETS.test(name))) throw tokenInURL();
}

/** Puts the token into Authorization (RFC 6750 §2.1). */
function authorize(request: Request, bearer: string): void {
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
  const { pathname } = new URL(url);
  if (response.ok && method === "GET" && (MEDIA.test(pathname) || EVENTS.test(pathname)) && STREAMED.test(type)) return response;
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

const answerLate = (ms: number) => new Problem("server_away", { detail: `The server has not answered within ${ms / 1000} s. Try again.` });

const tokenLate = (ms: number) =>
  new Problem("server_away", { detail: `The token option gave no token within ${ms / 1000} s, so the server was not asked. Look at what it waits for, or try again.` });

const ELSEWHERE =
  "This recording is in a store at another origin, where the token is not sent. Ask rostrum.playLinks(recording) for links that play without one, and use such a link as the src of a video element.";

const away = (origin: string) =>
  origin === globalThis.location?.origin
    ? `${origin} cannot be reached. Try again when it is up, or when this device is online.`
    : `${origin} cannot be reached, or it does not let pages of other origins in: its http.cors_origins must name the origin of this page.`;
