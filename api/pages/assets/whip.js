// Publishing into a room (WHIP).

import { Session } from "./session.js";

const NAMES = ["VP8", "VP9", "H264", "AV1", "H265"];
const REPAIR = /^video\/(rtx|red|ulpfec|flexfec-03)$/i;

/** The video codecs that this browser can send, of those that the server takes. */
export function codecs() {
  const able = new Set(capabilities().map((codec) => codec.mimeType.toUpperCase()));
  return NAMES.filter((name) => able.has(`VIDEO/${name}`));
}

/** One publication. The tracks stay the caller's: closing the session does not stop them. */
export class Publisher extends Session {
  #senders = {};

  /** codec is one of codecs(), or "" for the browser's own order. */
  constructor(room, tracks, codec) {
    super(`/api/whip/publish/${room}`);
    const streams = [new MediaStream(tracks)]; // one stream for both: that keeps lips and voice together
    for (const track of tracks) {
      const transceiver = this.pc.addTransceiver(track, { direction: "sendonly", streams });
      this.#senders[track.kind] = transceiver.sender;
      if (track.kind === "video" && codec) transceiver.setCodecPreferences(only(codec));
    }
  }

  /** Whether this publication has a picture ("video") or a sound ("audio") whose source can be replaced. */
  has(kind) {
    return kind in this.#senders;
  }

  /** Goes on with another source, without a new session; null sends nothing of that kind until the next one. */
  async replace(kind, track) {
    await this.#senders[kind]?.replaceTrack(track);
  }
}

/** The chosen codec alone with its repair formats: a server that lacks it has to say so and cannot take another. */
function only(name) {
  const wanted = `video/${name}`.toLowerCase();
  return capabilities().filter(({ mimeType }) => mimeType.toLowerCase() === wanted || REPAIR.test(mimeType));
}

function capabilities() {
  return globalThis.RTCRtpSender?.getCapabilities?.("video")?.codecs ?? [];
}
