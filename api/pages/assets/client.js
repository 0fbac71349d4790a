// This server, as every page talks to it: with the visitor's token, or as anybody.

import { Problem, Rostrum } from "./rostrum.js";
import { token } from "./token.js";

/** With the token that is kept here. */
export const rostrum = new Rostrum({ token });

/** Without it: the server may let anybody in. */
export const anybody = new Rostrum();

/**
 * Resolves with what a request of the API answers; rejects with a Problem. A kept token that is not accepted is left
 * out for a second try, so that it does not stand between the visitor and what anybody may see.
 */
export async function read(request) {
  try {
    return (await request(rostrum.api)).data;
  } catch (problem) {
    if (problem.code !== "token_invalid") throw problem;
    return await request(anybody.api).then(({ data }) => data, (second) => {
      throw second instanceof Problem && second.code === "token_missing" ? problem : second;
    });
  }
}

/** As read does, for a request that changes something: it is made once, with the kept token. */
export async function change(request) {
  return (await request(rostrum.api)).data;
}
