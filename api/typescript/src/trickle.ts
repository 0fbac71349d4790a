import { fragmentOf, ufragOf } from "./fragment.js";
import { Problem } from "./problem.js";
import type { Resource } from "./signalling.js";

/** How long candidates are collected before they are sent: those of one machine come within milliseconds. */
const COLLECT = 20;

/** The most that wait for a PATCH that is on its way; a machine has a dozen. */
const MOST = 100;

/**
 * Tells the server of a connection's candidates as they are found, by one PATCH at a time (RFC 9725 §4.3.2). A server
 * that takes none is told no more of them: it finds the client by the client's own checks.
 */
export class Trickle {
  readonly #pc: RTCPeerConnection;
  readonly #resource: Resource;
  readonly #gone: (problem: Problem) => void;
  #candidates: RTCIceCandidate[] = [];
  #complete = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> = Promise.resolve();
  #stopped = false;

  /** gone is called when the server says that the session is over. To be made before candidates are gathered. */
  constructor(pc: RTCPeerConnection, resource: Resource, gone: (problem: Problem) => void) {
    this.#pc = pc;
    this.#resource = resource;
    this.#gone = gone;
    this.#stopped = !resource.patchable;
    pc.addEventListener("icecandidate", ({ candidate }) => this.#take(candidate));
  }

  /** Sends nothing more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Runs a restart of ICE between two PATCHes: what is not sent yet belongs to the credentials before. */
  async restarting(restart: () => Promise<void>): Promise<void> {
    const before = this.#sending;
    [this.#candidates, this.#complete] = [[], false];
    const done = before.then(restart);
    this.#sending = done.catch(() => {});
    return done;
  }

  #take(candidate: RTCIceCandidate | null): void {
    if (this.#stopped || candidate?.candidate === "") return;
    if (!candidate) this.#complete = true;
    else if (this.#candidates.length < MOST) this.#candidates.push(candidate);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#sending = this.#sending.then(() => this.#send())), COLLECT);
  }

  async #send(): Promise<void> {
    const sdp = this.#pc.localDescription?.sdp ?? "";
    const ufrag = ufragOf(sdp);
    const candidates = this.#candidates.filter(({ usernameFragment }) => !usernameFragment || usernameFragment === ufrag);
    const complete = this.#complete;
    [this.#candidates, this.#complete] = [[], false];
    if (this.#stopped || (candidates.length === 0 && !complete)) return;
    try {
      await this.#resource.trickle(fragmentOf(sdp, { candidates, complete }));
    } catch (problem) {
      if (!(problem instanceof Problem)) return reportError(problem); // the token function's; the next PATCH asks it anew
      if (problem.status === 404 || problem.status === 410) this.#gone(problem);
      if (!problem.retryable) this.stop();
    }
  }
}
