import { spread } from "./backoff.js";
import type { StateEvents } from "./events.js";
import { Flow } from "./flow.js";
import { Participant, type ParticipantOptions, type Verdict } from "./participant.js";
import { Problem } from "./problem.js";
import type { Rostrum } from "./rostrum.js";
import type { Session } from "./session.js";
import { WHEP } from "./signalling.js";

/** Milliseconds before a new session in a room whose stream has ended, spread: its viewers all come. */
const POLL = 2000;

/** Tells of the stream of a new session. */
export class StreamEvent extends Event {
  /** It is there at once and fills when media comes. */
  readonly stream: MediaStream;

  constructor(stream: MediaStream) {
    super("stream");
    this.stream = stream;
  }
}

/** The events of a {@link Subscriber}. */
export interface SubscriberEvents extends StateEvents {
  /** A session has begun, with a stream of its own. */
  stream: StreamEvent;
}

/**
 * Plays a room by WHEP (draft-ietf-wish-whep), and stays in it: through the ends of streams and their beginnings, lost
 * networks and restarts of the server. It may come before the publisher.
 *
 * ```ts
 * const subscriber = new Subscriber(rostrum, "demo");
 * subscriber.attach(document.querySelector("video"));
 * await subscriber.start();
 * ```
 */
export class Subscriber extends Participant<SubscriberEvents> {
  #stream: MediaStream | null = null;
  #element: HTMLMediaElement | null = null;
  #flow: Flow | null = null;

  /** Throws a {@link Problem} for a room's name that is none. */
  constructor(rostrum: Rostrum, room: string, options: ParticipantOptions = {}) {
    super(rostrum, WHEP, room, options);
  }

  /** What is received: one picture and one sound, in whatever codec the room has. null before the first session; another one after a reconnect. */
  get stream(): MediaStream | null {
    return this.#stream;
  }

  /**
   * Plays what is received in that element, now and in all sessions to come, and no longer in the one before it. Where
   * the browser lets no page play sound unasked, it is muted, and `element.muted = false` after a click or tap brings the
   * sound. Returns this.
   */
  attach(element: HTMLMediaElement): this {
    if (element !== this.#element) this.detach();
    this.#element = element;
    this.#show();
    return this;
  }

  /**
   * Takes the stream out of its element, as for one that leaves the page. The session goes on, and with it what it
   * costs: `stop()` ends it. Without an element it does nothing. Returns this.
   */
  detach(): this {
    const element = this.#element;
    this.#element = null;
    if (element && element.srcObject === this.#stream) element.srcObject = null; // another's stream stays
    return this;
  }

  #show(): void {
    const [element, stream] = [this.#element, this.#stream];
    if (!element || !stream) return;
    element.srcObject = stream;
    element.play().catch((error: DOMException) => {
      if (error.name !== "NotAllowedError" || element.srcObject !== stream) return; // it has another stream by now, or none
      element.muted = true;
      element.play().catch(() => {});
    });
  }

  /** The picture joins the stream with its first packet: an element that has been promised one holds the sound back until it comes. */
  protected override shape(pc: RTCPeerConnection): void {
    const stream = new MediaStream();
    const { receiver } = pc.addTransceiver("video", { direction: "recvonly" });
    receiver.track.addEventListener("unmute", () => stream.addTrack(receiver.track));
    stream.addTrack(pc.addTransceiver("audio", { direction: "recvonly" }).receiver.track);
    this.#stream = stream;
    this.#show();
    this.dispatchEvent(new StreamEvent(stream));
  }

  protected override connected(session: Session): void {
    if (session !== this.session) return;
    if (this.#flow) return this.#flow.renew();
    const flow = (this.#flow = new Flow(session.pc, {
      flows: () => session === this.session && this.tell("live"),
      still: (flowed) => void this.#still(session, flowed),
    }));
    void session.over.then(() => {
      flow.end();
      this.#flow = null;
    });
  }

  /** Silence has two causes, a publisher that sends nothing and a server that is gone; WebRTC takes ten seconds to tell. */
  async #still(session: Session, flowed: boolean): Promise<void> {
    if (!(await this.rostrum.alive())) return session.lose("network_lost");
    if (session === this.session) this.tell("waiting", new Problem(flowed ? "silent" : "nobody"));
  }

  protected override async judge(why: Problem): Promise<Verdict> {
    if (why.code === "closed") return { state: "waiting", why, wait: spread(POLL) };
    return { state: why.retryable ? "reconnecting" : "closed", why };
  }
}
