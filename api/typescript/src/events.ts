import type { Problem } from "./problem.js";

/**
 * Where a {@link Publisher} or {@link Subscriber} stands. Each is also the name of the event that tells of it.
 *
 * - `connecting`: from `start()` until it is live or waits, or is closed.
 * - `live`: media flows.
 * - `waiting`: a subscriber's room has no publisher, or one that sends nothing; it goes on by itself.
 * - `reconnecting`: it was interrupted and goes on by itself.
 * - `closed`: it is over, by `stop()` or by a problem that waiting does not cure.
 */
export type State = "connecting" | "live" | "waiting" | "reconnecting" | "closed";

/** Tells that a state has begun, or that there is more to say of it. Its `type` is the state. */
export class StateEvent extends Event {
  declare readonly type: State;
  /** Why: null for `connecting` and `live`, and for `closed` by `stop()`. */
  readonly why: Problem | null;
  /** Milliseconds until the next session is tried; null where none is planned, as while the present one is mended. */
  readonly wait: number | null;

  constructor(state: State, why: Problem | null, wait: number | null) {
    super(state);
    this.why = why;
    this.wait = wait;
  }
}

/** The events of a {@link Publisher}. */
export type StateEvents = Record<State, StateEvent>;

/** An EventTarget whose events have types. */
export class Emitter<Events extends { [name: string]: Event }> extends EventTarget {
  /** Calls listener at each event of that type until the signal among the options aborts. Returns this. */
  on<Type extends keyof Events & string>(type: Type, listener: (event: Events[Type]) => void, options?: AddEventListenerOptions): this {
    this.addEventListener(type, listener as EventListener, options);
    return this;
  }
}
