// The HTTP half of WHIP and WHEP (RFC 9725): an offer goes out, an answer and the session's address come back.

import { Problem, problemOf } from "./problem.js";

const PATIENCE = 10_000;

/**
 * Posts an SDP offer; an empty token sends no Authorization. Resolves with {answer, url}; rejects with a Problem.
 * It is not to be cut off: only its answer names the session that a DELETE has to end.
 */
export async function post(endpoint, sdp, token) {
  try {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: { "Content-Type": "application/sdp", ...bearer(token) },
      body: sdp,
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.status !== 201) throw await problemOf(response);
    const url = new URL(response.headers.get("Location"), response.url).href;
    return { answer: await response.text(), url };
  } catch (error) {
    throw error instanceof Problem ? error : new Problem("server_away");
  }
}

/** Ends a session. It outlives the page, and never rejects: a session that cannot be ended ends by itself. */
export async function end(url, token) {
  try {
    await fetch(url, { method: "DELETE", headers: bearer(token), keepalive: true });
  } catch {
    // The server notices the silence.
  }
}

/** Whether the server is up. It tells a session that was ended on purpose from one that went down with the server. */
export async function serverAnswers() {
  try {
    const response = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(3000) });
    return response.status < 500;
  } catch {
    return false;
  }
}

/** The header that carries a token; none for "". */
export function bearer(token) {
  return token ? { Authorization: `Bearer ${token}` } : {};
}
