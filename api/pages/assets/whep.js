// Playing a room (WHEP).

import { Session } from "./session.js";

/** One subscription to a room: a single picture and a single sound, in whatever codec the room has. */
export class Subscriber extends Session {
  /**
   * The stream is there from the start and fills when media comes, so it can be given to a video element at once. The
   * picture joins it with its first packet: an element that has been promised one holds the sound back until it comes.
   */
  stream = new MediaStream();

  constructor(room) {
    super(`/api/whep/play/${room}`);
    const { receiver } = this.pc.addTransceiver("video", { direction: "recvonly" });
    receiver.track.addEventListener("unmute", () => this.stream.addTrack(receiver.track));
    this.stream.addTrack(this.pc.addTransceiver("audio", { direction: "recvonly" }).receiver.track);
  }
}
