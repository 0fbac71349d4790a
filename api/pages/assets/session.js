// One WebRTC session with the server, either way: it owns its RTCPeerConnection from the first offer to the last DELETE.

import { Problem } from "./problem.js";
import { end, post } from "./signalling.js";

const GATHERING = 1000; // longest wait for candidates; without STUN they are there in milliseconds
const CONNECTING = 12_000; // longest wait for media to get through
const UNSTEADY = 2000; // how long "disconnected" may last before it counts as lost

export class Session {
  #endpoint;
  #url = null;
  #token = "";
  #closed = false;
  #connected = false;
  #timer = 0;
  #finish;
  #over = new Promise((resolve) => (this.#finish = resolve));

  constructor(endpoint) {
    if (!globalThis.RTCPeerConnection) throw new Problem("webrtc_missing");
    this.#endpoint = endpoint;
    this.pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    // For tests and for a console: the connection in use now.
    window.rostrum = { pc: this.pc };
  }

  /**
   * Offers the session to the server, once. Rejects with a Problem, after which it is to be closed. Resolves when the
   * server has accepted; media is not flowing yet then.
   */
  async open(token) {
    const { answer, url } = await post(this.#endpoint, await this.#completeOffer(), token);
    [this.#url, this.#token] = [url, token];
    if (this.#closed) {
      this.close();
      throw new Problem("closed");
    }
    await this.pc.setRemoteDescription({ type: "answer", sdp: answer });
    this.#watch();
  }

  /** Resolves with a Problem that says why the session ended: closed (by the server), network_lost or media_blocked. */
  get over() {
    return this.#over;
  }

  /** Gives the session up for that reason: over resolves. It is still to be closed. */
  lose(code) {
    clearTimeout(this.#timer);
    if (code === "closed") this.#url = null; // nothing is left there to DELETE
    this.#finish(new Problem(code));
  }

  /** Ends the session here and at the server. It may be called at any time and more than once, also as the page goes. */
  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.pc.close();
    if (this.#url) end(this.#url, this.#token);
    this.#url = null;
    this.#finish(new Problem("closed"));
  }

  async #completeOffer() {
    await this.pc.setLocalDescription();
    await new Promise((resolve) => {
      const check = () => this.pc.iceGatheringState === "complete" && resolve();
      this.pc.addEventListener("icegatheringstatechange", check);
      setTimeout(resolve, GATHERING);
      check();
    });
    return this.pc.localDescription.sdp;
  }

  /** A server that ends a session closes DTLS, which shows on the transports at once; the connection's state lags. */
  #watch() {
    const check = () => this.#judge();
    this.pc.addEventListener("connectionstatechange", check);
    for (const transport of this.#transports()) transport.addEventListener("statechange", check);
    this.#giveUpAfter(CONNECTING, "media_blocked");
    check();
  }

  #judge() {
    if (this.#transports().some((transport) => transport.state === "closed")) return this.lose("closed");
    switch (this.pc.connectionState) {
      case "connected":
        this.#connected = true;
        return clearTimeout(this.#timer);
      case "disconnected":
        return this.#giveUpAfter(UNSTEADY, "network_lost");
      case "failed":
        return this.lose(this.#connected ? "network_lost" : "media_blocked");
    }
  }

  #giveUpAfter(ms, code) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.lose(code), ms);
  }

  #transports() {
    const ends = [...this.pc.getReceivers(), ...this.pc.getSenders()];
    return [...new Set(ends.map((side) => side.transport).filter(Boolean))];
  }
}
