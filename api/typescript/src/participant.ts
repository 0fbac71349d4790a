import { backoff, pause } from "./backoff.js";
import { Emitter, type State, StateEvent, type StateEvents } from "./events.js";
import { Problem } from "./problem.js";
import type { Rostrum } from "./rostrum.js";
import { Session } from "./session.js";
import { checkRoom, type Protocol } from "./signalling.js";

/** What {@link Publisher} and {@link Subscriber} both may be told. */
export interface ParticipantOptions {
  /** For the RTCPeerConnection: ICE servers of your own, besides those that the server names, or `iceTransportPolicy`. */
  rtc?: RTCConfiguration;
}

/** What is to happen after a session has ended. */
export interface Verdict {
  state: "waiting" | "reconnecting" | "closed";
  why: Problem;
  /** Milliseconds, where the usual ones are not right. */
  wait?: number;
}

/**
 * Somebody in a room, for as long as they want to be there: one session after the other, with pauses that grow, spread,
 * honour Retry-After, and end when the browser comes online. It is used once, from {@link Participant.start} to
 * {@link Participant.stop}; leaving the page stops it too.
 */
export abstract class Participant<Events extends StateEvents> extends Emitter<Events> {
  /** The room's name. */
  readonly room: string;
  protected readonly rostrum: Rostrum;
  /** Whether it has ever been live. */
  protected wasLive = false;
  protected session: Session | null = null;
  readonly #protocol: Protocol;
  readonly #rtc: RTCConfiguration;
  readonly #stopped = new AbortController();
  #failures = 0;
  #state: State | null = null;
  #started: Promise<void> | null = null;
  #dropped: Promise<void> = Promise.resolve();

  constructor(rostrum: Rostrum, protocol: Protocol, room: string, { rtc = {} }: ParticipantOptions) {
    super();
    checkRoom(room);
    this.rostrum = rostrum;
    this.room = room;
    this.#protocol = protocol;
    this.#rtc = rtc;
  }

  /** Where it stands; null before `start()`. */
  get state(): State | null {
    return this.#state;
  }

  /** The connection in use, for statistics and the like; null between two. It is another one after a reconnect. */
  get pc(): RTCPeerConnection | null {
    return this.session?.pc ?? null;
  }

  /**
   * Enters the room and stays. Resolves when it is live for the first time; rejects with the {@link Problem} that closed
   * it before that, which is `closed` for `stop()`, also for one before. Called again it returns the same promise.
   */
  start(): Promise<void> {
    return (this.#started ??= new Promise((resolve, reject) => {
      if (this.#stopped.signal.aborted) return reject(new Problem("closed"));
      this.addEventListener("live", () => resolve(), { once: true });
      this.addEventListener("closed", (event) => reject((event as StateEvent).why ?? new Problem("closed")), { once: true });
      addEventListener("pagehide", () => void this.stop(), { signal: this.#stopped.signal });
      this.tell("connecting");
      void this.#stay();
    }));
  }

  /**
   * Leaves the room: the session is ended here at once and at the server by a DELETE, whose answer is waited for, whoever
   * calls it and however often. Never rejects.
   */
  async stop(): Promise<void> {
    if (!this.#stopped.signal.aborted) {
      this.#stopped.abort();
      this.tell("closed");
    }
    await this.#drop();
  }

  /**
   * Restarts ICE now, for who knows that the network has changed; a network that fails is noticed without. Resolves when
   * the server has agreed, at once where there is no session, and rejects with a {@link Problem}; media goes on either way.
   */
  async restartIce(): Promise<void> {
    await this.session?.restart();
  }

  /** Gives a new connection what it is to send and receive. */
  protected abstract shape(pc: RTCPeerConnection): void;

  /** A session is connected, for the first time or again. */
  protected abstract connected(session: Session): void;

  /** Decides how it goes on after a session that has ended so. */
  protected abstract judge(why: Problem): Promise<Verdict>;

  /** Enters a state, and tells of it unless it is the present one for the same reason. */
  protected tell(state: State, why: Problem | null = null, wait: number | null = null): void {
    if (state === "live") [this.wasLive, this.#failures] = [true, 0];
    if (state === this.#state && !why) return;
    this.#state = state;
    this.dispatchEvent(new StateEvent(state, why, wait));
  }

  async #stay(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const ended = await this.#attend();
      void this.#drop();
      if (signal.aborted) return;
      const { state, why, wait = backoff(this.#failures++, why.retryAfter) } = await this.judge(ended);
      if (signal.aborted) return;
      if (state === "closed") this.#stopped.abort();
      this.tell(state, why, state === "closed" ? null : wait);
      if (state !== "closed") await pause(wait, signal, why.retryAfter === null);
    }
  }

  /** One session, to its end. Resolves with why it ended; never rejects. */
  async #attend(): Promise<Problem> {
    try {
      const session: Session = new Session({
        connected: () => this.connected(session),
        unsteady: (why) => this.tell("reconnecting", why),
      }, this.#rtc);
      this.session = session;
      this.shape(session.pc);
      await session.open(this.rostrum, this.#protocol, this.room);
      return await session.over;
    } catch (error) {
      return error instanceof Problem ? error : new Problem("unexpected", { detail: String(error), cause: error });
    }
  }

  /** Closes the session, if there is one, and resolves when all that were closed have ended at the server too. */
  #drop(): Promise<void> {
    const [session, before] = [this.session, this.#dropped];
    this.session = null;
    if (session) this.#dropped = session.close().then(() => before);
    return this.#dropped;
  }
}
