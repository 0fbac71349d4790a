import createClient, { type Client } from "openapi-fetch";

import { exchange, invalid, tokenInURL } from "./exchange.js";
import { Problem } from "./problem.js";
import type { paths } from "./schema.js";

/** How a {@link Rostrum} finds its server and what it shows there. */
export interface RostrumOptions {
  /** The server's address, `https://live.example.net` say. Left out, it is where this module was loaded from. */
  server?: string | URL;
  /**
   * The bearer token, or a function that returns the present one or a promise of it. None: what anybody may do.
   *
   * The function is asked before each request, so keep a token that still holds and renew it shortly before it does not:
   * a page that is left has no time to fetch one for the DELETE that ends its session. What it throws, the request
   * rejects with. A {@link Publisher} or {@link Subscriber} is closed by that, but for a {@link Problem} that is
   * `retryable`: after such a one it tries again.
   */
  token?: string | (() => string | Promise<string>);
  /** Milliseconds until an answer must be there, whole, and the token before it; 10,000 unless given. */
  timeout?: number;
}

const TIMEOUT = 10_000;
const PROBE_TIMEOUT = 3000;

/**
 * A client of one server. It holds no connection and needs no end.
 *
 * ```ts
 * const rostrum = new Rostrum({ server: "https://live.example.net", token });
 * const { data } = await rostrum.api.GET("/api/rooms");
 * ```
 */
export class Rostrum {
  /** The server's origin. */
  readonly server: string;
  /**
   * Every operation of the contract, typed: `api.METHOD(path, {params, body})` resolves with `{data, response}`, and
   * rejects with a {@link Problem} for a refusal, no answer in time, or an answer that is not the contract's. So
   * `error` is never set. An AbortSignal given as `signal` ends a request early; it then rejects with its reason.
   */
  readonly api: Client<paths>;
  readonly #probe: Client<paths>;

  /** Throws a {@link Problem} for an address that is none of a server, or that holds more than that. */
  constructor({ server, token = "", timeout = TIMEOUT }: RostrumOptions = {}) {
    this.server = server === undefined ? ownOrigin() : originOf(server);
    const present = typeof token === "function" ? token : () => token;
    const common = { baseUrl: this.server, cache: "no-store" } as const;
    this.api = createClient<paths>({ ...common, fetch: exchange({ origin: this.server, token: present, timeout }) });
    this.#probe = createClient<paths>({ ...common, fetch: exchange({ origin: this.server, token: () => "", timeout: PROBE_TIMEOUT }) });
  }

  /** Whether the server is up. It resolves within seconds, and never rejects. */
  async alive(): Promise<boolean> {
    return answers(this.#probe.GET("/healthz"));
  }

  /** Whether the server takes new sessions: false while it stops, starts or lacks something. It never rejects. */
  async ready(): Promise<boolean> {
    return answers(this.#probe.GET("/readyz"));
  }

  /**
   * Links to the parts of a recording, in the order in which they play; none before it has ended. A link plays for an
   * hour without a token, wherever the server keeps recordings: `video.src = link`. `&download=true` behind it saves the
   * file. Who has a link may watch, so it is as secret as a token. Rejects with a {@link Problem}.
   */
  async playLinks(recording: string): Promise<string[]> {
    const { data } = await this.api.GET("/api/recordings/{recording}", { params: { path: { recording } } });
    return (data?.parts ?? []).map(({ url }) => {
      const link = URL.canParse(url, this.server) ? new URL(url, this.server) : null;
      if (link?.origin !== this.server) throw invalid("The server answered with a link that is not to itself.");
      return link.href;
    });
  }

  /** The contract that the server serves, OpenAPI 3.1 as JSON. Rejects with a {@link Problem}. */
  async contract(): Promise<unknown> {
    const read = exchange({ origin: this.server, token: () => "", timeout: TIMEOUT });
    return (await read(new Request(`${this.server}/openapi.json`))).json();
  }
}

/** Whether something answered that is no failure. A probe that is served elsewhere, or not to everybody, is none. */
async function answers(probe: Promise<unknown>): Promise<boolean> {
  return probe.then(() => true, (problem: unknown) => problem instanceof Problem && problem.status > 0 && problem.status < 500);
}

/** Where this module was loaded from. A bundle that is no ES module does not know that, and one from a disk has no server. */
function ownOrigin(): string {
  const { url } = import.meta as { url?: string };
  if (!url || !/^https?:/.test(url)) throw new Problem("server_invalid", { detail: "This module was not loaded from a server. Give its address as the option server." });
  return new URL(url).origin;
}

function originOf(server: string | URL): string {
  const url = URL.canParse(server) ? new URL(server) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Problem("server_invalid", { detail: "The server's address is not one. Write its scheme, its host and its port if it has one of its own." });
  }
  if (url.username || url.password || url.search || url.hash) throw tokenInURL();
  if (url.pathname !== "/") throw new Problem("server_invalid", { detail: `The server's address has no path: write ${url.origin}.` });
  return url.origin;
}
