import { invalid } from "./exchange.js";
import { iceServersOf } from "./link.js";
import { Problem } from "./problem.js";
import type { Rostrum } from "./rostrum.js";

/** Where sessions of one kind begin, and where they are, in the words of the contract. */
export interface Protocol {
  endpoint: "/api/whip/publish/{room}" | "/api/whep/play/{room}";
  sessions: "/api/whip/sessions/{session}" | "/api/whep/sessions/{session}";
}

/** Publishing (RFC 9725). */
export const WHIP: Protocol = { endpoint: "/api/whip/publish/{room}", sessions: "/api/whip/sessions/{session}" };

/** Playing (draft-ietf-wish-whep). */
export const WHEP: Protocol = { endpoint: "/api/whep/play/{room}", sessions: "/api/whep/sessions/{session}" };

/** The longest answer that is taken for one, in characters. */
const LONGEST_SDP = 256 << 10;

const ROOM = /^[A-Za-z0-9_-]{1,64}$/;

/** Throws a Problem for a name that no room has. */
export function checkRoom(room: string): void {
  if (!ROOM.test(room)) throw new Problem("room_name_invalid", { detail: "A room name has 1 to 64 letters A-Z and a-z, digits, - and _." });
}

/** An accepted offer. */
export interface Accepted {
  answer: string;
  iceServers: RTCIceServer[];
  resource: Resource;
}

/** POSTs an offer, once (RFC 9725 §4.2). It is not to be cut short: only its answer names the session that a DELETE has to end. */
export async function begin(rostrum: Rostrum, protocol: Protocol, room: string, offer: string): Promise<Accepted> {
  const { data, response } = await rostrum.api.POST(protocol.endpoint, {
    params: { path: { room } },
    headers: { "Content-Type": "application/sdp" },
    body: offer,
    bodySerializer: plain,
    parseAs: "text",
  });
  const session = sessionOf(response.headers.get("Location"), rostrum.server, protocol);
  const resource = new Resource(rostrum, protocol, session, response.headers.get("ETag"));
  const answer = String(data ?? "");
  if (response.status !== 201 || !answer.startsWith("v=0") || answer.length > LONGEST_SDP) {
    void resource.end();
    throw invalid("The server accepted the offer, and its answer is no SDP. Something else than Rostrum may be at this address.");
  }
  return { answer, iceServers: iceServersOf(response.headers.get("Link")), resource };
}

/**
 * The id of the session that a Location names. Only one at the server itself is taken: whoever else it names would be
 * sent the token.
 */
function sessionOf(location: string | null, server: string, { sessions }: Protocol): string {
  const base = `${server}${sessions.replace("{session}", "")}`;
  const url = location && URL.canParse(location, server) ? new URL(location, server).href : "";
  const id = url.startsWith(base) ? url.slice(base.length) : "";
  if (!/^[\w-]+$/.test(id)) throw invalid("The server accepted the offer, and names no session of its own. The token is not sent anywhere else.");
  return id;
}

/** The URL of a session, and what is done there. */
export class Resource {
  readonly #rostrum: Rostrum;
  readonly #sessions: Protocol["sessions"];
  readonly #path: { session: string };
  #tag: string | null;

  constructor(rostrum: Rostrum, { sessions }: Protocol, session: string, tag: string | null) {
    this.#rostrum = rostrum;
    this.#sessions = sessions;
    this.#path = { session };
    this.#tag = tag;
  }

  /** Whether the server can be told anything of ICE: one that gives no ETag takes no PATCH (RFC 9725 §4.3.1). */
  get patchable(): boolean {
    return this.#tag !== null;
  }

  /** Tells the server of candidates (RFC 9725 §4.3.2). */
  async trickle(fragment: string): Promise<void> {
    await this.#patch(fragment, this.#tag ?? "*");
  }

  /** Restarts ICE, whichever session it is in by now, and returns the server's fragment (RFC 9725 §4.3.3). */
  async restart(fragment: string): Promise<string> {
    const { data, response } = await this.#patch(fragment, "*");
    if (response.status !== 200) throw invalid("The server took an ICE restart for something else.");
    this.#tag = response.headers.get("ETag");
    return String(data ?? "");
  }

  /** Ends the session (RFC 9725 §4.2). It outlives the page, and never rejects: what cannot be ended ends by itself. */
  async end(): Promise<void> {
    await this.#rostrum.api.DELETE(this.#sessions, { params: { path: this.#path }, parseAs: "text", keepalive: true }).catch(() => {});
  }

  #patch(fragment: string, tag: string) {
    return this.#rostrum.api.PATCH(this.#sessions, {
      params: { path: this.#path, header: { "If-Match": tag } },
      headers: { "Content-Type": "application/trickle-ice-sdpfrag" },
      body: fragment,
      bodySerializer: plain,
      parseAs: "text",
    });
  }
}

const plain = (text: string) => text;
