// This device's camera, microphone and screen. A Capture owns the tracks it opened and stops them.

import { problemOfDevice } from "./problem.js";
import { Problem } from "./rostrum.js";

/** Choices that are no device's id. */
export const ANY = "any";
export const NONE = "none";
export const SCREEN = "screen";

const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

/** The devices of a kind ("videoinput", "audioinput"). Before permission browsers tell at most that there are some. */
export async function devices(kind) {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return all.filter((device) => device.kind === kind);
}

export class Capture {
  #tracks = { video: null, audio: null };
  #chosen = { video: NONE, audio: NONE };
  #opening = Promise.resolve();

  /** onLost(kind) is called when a source ends by itself: unplugged, or the browser's "stop sharing" was pressed. */
  constructor(onLost) {
    this.onLost = onLost;
  }

  get tracks() {
    return Object.values(this.#tracks).filter(Boolean);
  }

  track(kind) {
    return this.#tracks[kind];
  }

  /**
   * Opens what is chosen and not open yet, and stops what is not chosen any more. Rejects with a Problem. Calls queue,
   * so that two of them never open one device twice.
   */
  open(picture, sound) {
    this.#opening = this.#opening.catch(() => {}).then(() => this.#open(picture, sound));
    return this.#opening;
  }

  async #open(picture, sound) {
    if (!navigator.mediaDevices) throw new Problem("insecure_context");
    const want = { video: this.#missing("video", picture), audio: this.#missing("audio", sound) };
    if (want.video === SCREEN) this.#take(await openScreen(sound === NONE), picture, sound);
    const camera = want.video && want.video !== SCREEN ? want.video : null;
    if (camera || want.audio) this.#take(await openDevices(camera, want.audio), picture, sound);
    if (picture === NONE) this.#put("video", null, NONE);
    if (sound === NONE && (picture !== SCREEN || this.#chosen.audio !== NONE)) this.#put("audio", null, NONE);
  }

  stop() {
    this.#put("video", null, NONE);
    this.#put("audio", null, NONE);
  }

  #missing(kind, choice) {
    const running = this.#chosen[kind] === choice && this.#tracks[kind]?.readyState === "live";
    return choice === NONE || running ? null : choice;
  }

  #take(stream, picture, sound) {
    for (const track of stream.getTracks()) this.#put(track.kind, track, track.kind === "video" ? picture : sound);
  }

  #put(kind, track, choice) {
    this.#tracks[kind]?.stop();
    this.#tracks[kind] = track;
    this.#chosen[kind] = choice;
    track?.addEventListener("ended", () => this.#tracks[kind] === track && this.onLost(kind));
  }
}

async function openDevices(camera, microphone) {
  const pick = (choice) => (choice === ANY ? {} : { deviceId: { exact: choice } });
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: camera ? { ...PICTURE, ...pick(camera) } : false,
      audio: microphone ? { ...pick(microphone) } : false,
    });
  } catch (error) {
    throw problemOfDevice(error, false);
  }
}

/** A shared screen brings its own sound where the browser has it, unless a microphone was chosen. */
async function openScreen(withSound) {
  if (!navigator.mediaDevices.getDisplayMedia) throw new Problem("screen_missing");
  try {
    return await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 30 } }, audio: withSound });
  } catch (error) {
    throw problemOfDevice(error, true);
  }
}
