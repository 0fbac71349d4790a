// The JSON half of the API: one request, one answer, every failure a Problem.

import { Problem, problemOf } from "./problem.js";
import { bearer } from "./signalling.js";
import { token } from "./token.js";

const PATIENCE = 15_000;

/**
 * Resolves with the answer's JSON, null where it has none; rejects with a Problem. A kept token that is not accepted
 * is left out for a second try, since the server may let anybody in.
 */
export async function call(method, path, signal = null) {
  try {
    return await once(method, path, token(), signal);
  } catch (problem) {
    if (problem.code !== "token_invalid" || method !== "GET") throw problem;
    return await once(method, path, "", signal).catch((second) => {
      throw second.asksForToken ? problem : second;
    });
  }
}

async function once(method, path, withToken, signal) {
  const patience = AbortSignal.timeout(PATIENCE);
  try {
    const response = await fetch(path, {
      method,
      headers: { Accept: "application/json", ...bearer(withToken) },
      cache: "no-store",
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
    if (!response.ok) throw await problemOf(response);
    return response.status === 204 ? null : await response.json();
  } catch (error) {
    throw error instanceof Problem ? error : new Problem("server_away");
  }
}
