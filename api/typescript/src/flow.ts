/** Milliseconds between two looks. */
const LOOK = 500;

/** What a {@link Flow} tells. */
export interface FlowWatcher {
  /** Media comes. Told at each look while it does. */
  flows(): void;
  /** Nothing has come for a while. Told once, until it flows again; flowed says whether it ever has. */
  still(flowed: boolean): void;
}

/** Looks whether anything comes over a connection: it can outlive the stream that it carries. */
export class Flow {
  /** Milliseconds without a byte after which a stream that was there stands still. */
  static readonly QUIET = 4000;
  /** And after which one that never was is not going to be there soon. */
  static readonly EMPTY = 1000;

  readonly #pc: RTCPeerConnection;
  readonly #watcher: FlowWatcher;
  readonly #timer: ReturnType<typeof setInterval>;
  #bytes = 0;
  #last = performance.now();
  #told = false;
  #ended = false;

  /** Begins to look. Whoever makes it has to end it. */
  constructor(pc: RTCPeerConnection, watcher: FlowWatcher) {
    this.#pc = pc;
    this.#watcher = watcher;
    this.#timer = setInterval(() => void this.#look().catch(() => {}), LOOK); // a connection that closes may tell nothing
  }

  /** Begins anew to wait for media, after the connection was mended. */
  renew(): void {
    [this.#last, this.#told] = [performance.now(), false];
  }

  /** Looks no more, and tells nothing any more. */
  end(): void {
    this.#ended = true;
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#pc.connectionState !== "connected") return;
    const report = (await this.#pc.getStats()) as Map<string, { type: string; bytesReceived?: number }>;
    if (this.#ended) return;
    const bytes = [...report.values()].reduce((sum, { type, bytesReceived = 0 }) => sum + (type === "inbound-rtp" ? bytesReceived : 0), 0);
    if (bytes > this.#bytes) {
      [this.#bytes, this.#last, this.#told] = [bytes, performance.now(), false];
      return this.#watcher.flows();
    }
    const flowed = this.#bytes > 0;
    if (this.#told || performance.now() - this.#last < (flowed ? Flow.QUIET : Flow.EMPTY)) return;
    this.#told = true;
    this.#watcher.still(flowed);
  }
}
