import { codecOnly } from "./codecs.js";
import type { StateEvents } from "./events.js";
import { Participant, type ParticipantOptions, type Verdict } from "./participant.js";
import { Problem } from "./problem.js";
import type { Rostrum } from "./rostrum.js";
import type { Session } from "./session.js";
import { WHIP } from "./signalling.js";

/** How a {@link Publisher} publishes. */
export interface PublisherOptions extends ParticipantOptions {
  /** The video codec to send, one of {@link sendableCodecs}, or it is refused; "" or none leaves the choice to browser and server. */
  codec?: string;
  /**
   * Keeps trying also before it has been live once: while somebody else publishes in the room (409 `room_busy`), or
   * while the server is away. Otherwise only what was interrupted is tried again, and the first refusal is final.
   */
  persistent?: boolean;
}

type Kind = "audio" | "video";

/** Tells that a source has ended by itself: a device was unplugged, or sharing was stopped by the browser's own button. */
export class EndedEvent extends Event {
  readonly kind: Kind;
  readonly track: MediaStreamTrack;

  constructor(track: MediaStreamTrack) {
    super("ended");
    this.kind = track.kind as Kind;
    this.track = track;
  }
}

/** The events of a {@link Publisher}. */
export interface PublisherEvents extends StateEvents {
  /** Nothing is sent of a kind any more, and {@link Publisher.replace} mends that; the other kind goes on. */
  ended: EndedEvent;
}

/**
 * Publishes a MediaStream into a room by WHIP (RFC 9725), and keeps it published over lost networks and restarts of the
 * server. The tracks stay the caller's: stopping the publisher does not stop them.
 *
 * ```ts
 * const publisher = new Publisher(rostrum, "demo", await navigator.mediaDevices.getUserMedia({ video: true, audio: true }));
 * publisher.on("closed", ({ why }) => why && console.error(why.detail));
 * await publisher.start();
 * ```
 */
export class Publisher extends Participant<PublisherEvents> {
  readonly #options: PublisherOptions;
  readonly #tracks = new Map<Kind, MediaStreamTrack | null>();
  readonly #senders = new Map<Kind, RTCRtpSender>();
  readonly #over = new AbortController();

  /** Throws a {@link Problem} for a room's name that is none, and for a stream without tracks or with several of a kind. */
  constructor(rostrum: Rostrum, room: string, stream: MediaStream, options: PublisherOptions = {}) {
    super(rostrum, WHIP, room, options);
    this.#options = options;
    const tracks = stream.getTracks();
    for (const track of tracks) this.#hold(track.kind as Kind, track);
    if (tracks.length === 0 || tracks.length > this.#tracks.size) {
      throw new Problem("stream_invalid", { detail: "Give a MediaStream with one video track, one audio track, or one of each." });
    }
    this.on("closed", () => this.#over.abort());
  }

  /** Whether a picture or a sound is published, whose source can be replaced. */
  has(kind: Kind): boolean {
    return this.#tracks.has(kind);
  }

  /**
   * Goes on with another source, without a new session; null sends nothing of that kind until the next one. A kind that
   * the stream did not have cannot be added. Rejects where the browser cannot send the track in the present format, and
   * goes on with the one before then. Between two sessions the next one begins with it. It is also how to go on after a
   * source has {@link PublisherEvents.ended | ended}.
   */
  async replace(kind: Kind, track: MediaStreamTrack | null): Promise<void> {
    if (!this.#tracks.has(kind)) return;
    const session = this.session;
    const sender = session && this.#senders.get(kind);
    this.#hold(kind, track);
    try {
      await sender?.replaceTrack(track);
    } catch (error) {
      if (session !== this.session) return; // it has ended meanwhile
      if (sender && this.#tracks.get(kind) === track) this.#tracks.set(kind, sender.track); // none has taken its place since
      throw error;
    }
  }

  #hold(kind: Kind, track: MediaStreamTrack | null): void {
    this.#tracks.set(kind, track);
    track?.addEventListener("ended", this.#lost, { signal: this.#over.signal });
  }

  /** One function for all tracks: to add it to a track again changes nothing. */
  readonly #lost = ({ target }: Event): void => {
    const track = target as MediaStreamTrack;
    const kind = track.kind as Kind;
    if (this.#tracks.get(kind) !== track) return;
    this.#tracks.set(kind, null);
    this.dispatchEvent(new EndedEvent(track));
  };

  protected override shape(pc: RTCPeerConnection): void {
    const streams = [new MediaStream()]; // one stream for both: that keeps lips and voice together
    for (const [kind, track] of this.#tracks) {
      const transceiver = pc.addTransceiver(track ?? kind, { direction: "sendonly", streams });
      this.#senders.set(kind, transceiver.sender);
      if (kind === "video" && this.#options.codec) transceiver.setCodecPreferences(codecOnly(this.#options.codec));
    }
  }

  protected override connected(session: Session): void {
    if (session === this.session) this.tell("live");
  }

  /** A session that the server ends while it takes new ones was ended on purpose; one that it ends as it goes is to be begun anew. */
  protected override async judge(why: Problem): Promise<Verdict> {
    if (why.code === "closed") {
      if (await this.rostrum.ready()) return { state: "closed", why };
      why = new Problem("server_away");
    }
    const again = why.retryable && (this.wasLive || this.#options.persistent);
    return { state: again ? "reconnecting" : "closed", why };
  }
}
