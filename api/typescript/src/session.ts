import { invalid } from "./exchange.js";
import { fragmentOf, restarted } from "./fragment.js";
import { Problem } from "./problem.js";
import type { Rostrum } from "./rostrum.js";
import { begin, type Protocol, type Resource } from "./signalling.js";
import { Trickle } from "./trickle.js";

/** The longest that media may take to get through, in ms. */
const CONNECTING = 12_000;

/** How long "disconnected" may last before ICE is restarted, in ms: a gust of loss is over by then. */
const UNSTEADY = 2000;

/** How long a restart may take before the session counts as lost, in ms. */
const RESTARTING = 6000;

/** What a session tells while it lives. */
export interface Watcher {
  /** Media flows, for the first time or again. */
  connected(): void;
  /** The network does not carry it, and ICE is being restarted. */
  unsteady(why: Problem): void;
}

/** One WebRTC session with the server, either way: it owns its RTCPeerConnection from the first offer to the last DELETE. */
export class Session {
  readonly pc: RTCPeerConnection;
  /** Resolves with why the session ended. It never rejects. */
  readonly over: Promise<Problem>;
  readonly #watcher: Watcher;
  #begun: Promise<void> = Promise.resolve();
  #resource: Resource | null = null;
  #trickle: Trickle | null = null;
  #closed = false;
  #connected = false;
  #restarting: Promise<void> | null = null;
  #rescuing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #finish!: (why: Problem) => void;

  /** Throws a Problem where there is no WebRTC. */
  constructor(watcher: Watcher, configuration: RTCConfiguration) {
    if (!globalThis.RTCPeerConnection) throw new Problem("webrtc_missing");
    this.#watcher = watcher;
    this.over = new Promise((resolve) => (this.#finish = resolve));
    this.pc = new RTCPeerConnection({ bundlePolicy: "max-bundle", ...configuration });
  }

  /**
   * Offers what the connection has to the server, once. Resolves when the server has accepted; media does not flow yet
   * then. Rejects with a Problem, after which the session is to be closed. Candidates are gathered when the answer is
   * there, since it names the servers to gather them with (RFC 9725 §4.6), and follow by trickle.
   */
  async open(rostrum: Rostrum, protocol: Protocol, room: string): Promise<void> {
    const offer = await this.pc.createOffer();
    if (this.#closed) throw new Problem("closed");
    const begun = begin(rostrum, protocol, room, offer.sdp ?? "");
    this.#begun = begun.then(({ resource }) => void (this.#resource = resource), () => {});
    const { answer, iceServers, resource } = await begun;
    if (this.#closed) throw new Problem("closed");
    const own = this.pc.getConfiguration();
    if (iceServers.length > 0) this.pc.setConfiguration({ ...own, iceServers: [...(own.iceServers ?? []), ...iceServers] });
    this.#trickle = new Trickle(this.pc, resource, () => this.lose("closed"));
    await this.pc.setLocalDescription(offer);
    await this.#take(answer);
    if (this.#closed) throw new Problem("closed");
    this.#watch();
  }

  /** Restarts ICE, for a network that has changed (RFC 9725 §4.3.3): DTLS and media stay. Calls while one is on its way join it. */
  restart(): Promise<void> {
    this.#restarting ??= this.#restart().finally(() => (this.#restarting = null));
    return this.#restarting;
  }

  /** Gives the session up: over resolves. It is still to be closed. */
  lose(code: string): void {
    clearTimeout(this.#timer);
    if (code === "closed") this.#resource = null; // nothing is left there to DELETE
    this.#finish(new Problem(code));
  }

  /**
   * Ends the session here at once and, as far as it can be reached, at the server: an offer that is on its way is waited
   * for, since its answer names what to DELETE. It may be called at any time, also as the page goes.
   */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#trickle?.stop();
    this.pc.close();
    this.#finish(new Problem("closed"));
    await this.#begun;
    const resource = this.#resource;
    this.#resource = null;
    await resource?.end();
  }

  async #restart(): Promise<void> {
    const [resource, trickle] = [this.#resource, this.#trickle];
    if (!resource?.patchable || !trickle || this.pc.signalingState !== "stable") return;
    await trickle.restarting(async () => {
      if (this.#closed) return;
      const answer = this.pc.currentRemoteDescription?.sdp ?? "";
      await this.pc.setLocalDescription(await this.pc.createOffer({ iceRestart: true }));
      try {
        const sdp = this.pc.localDescription?.sdp ?? "";
        await this.#take(restarted(answer, await resource.restart(fragmentOf(sdp, { candidates: [], complete: false }))));
      } catch (error) {
        if (this.pc.signalingState === "have-local-offer") await this.pc.setLocalDescription({ type: "rollback" });
        throw error;
      }
    });
  }

  async #take(sdp: string): Promise<void> {
    try {
      await this.pc.setRemoteDescription({ type: "answer", sdp });
    } catch (error) {
      throw this.#closed ? new Problem("closed") : invalid("This browser cannot take the server's answer.", error);
    }
  }

  /** A server that ends a session closes DTLS, which shows on the transports at once; the connection's state lags. */
  #watch(): void {
    const check = () => this.#judge();
    this.pc.addEventListener("connectionstatechange", check);
    for (const transport of this.#transports()) transport.addEventListener("statechange", check);
    this.#giveUpAfter(CONNECTING, "media_blocked");
    check();
  }

  #judge(): void {
    if (this.#closed) return;
    if (this.#transports().some(({ state }) => state === "closed")) return this.lose("closed");
    switch (this.pc.connectionState) {
      case "connected":
        clearTimeout(this.#timer);
        [this.#connected, this.#rescuing] = [true, false];
        return this.#watcher.connected();
      case "disconnected":
        if (this.#rescuing) return;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#rescue(), UNSTEADY);
        return;
      case "failed":
        return this.#connected ? this.#rescue() : this.lose("media_blocked");
    }
  }

  /**
   * Restarts ICE, and gives the session up if that cannot be done or does not help: a server that does not know it any more
   * has lost it, in a restart of its own or while this device was asleep. A restart that somebody else has asked for is
   * joined, so that its failure is noticed too; but not where the old path carries it again by then.
   */
  #rescue(): void {
    if (this.#closed || this.#rescuing) return;
    this.#rescuing = true;
    this.#giveUpAfter(RESTARTING, "network_lost");
    this.#watcher.unsteady(new Problem("network_lost"));
    this.restart().catch(() => this.#rescuing && this.lose("network_lost"));
  }

  #giveUpAfter(ms: number, code: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.lose(code), ms);
  }

  #transports(): RTCDtlsTransport[] {
    const ends = [...this.pc.getReceivers(), ...this.pc.getSenders()];
    return [...new Set(ends.flatMap(({ transport }) => (transport ? [transport] : [])))];
  }
}
