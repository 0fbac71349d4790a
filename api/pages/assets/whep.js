// Playing a room (WHEP).

import { Session } from "./session.js";

/** One subscription to a room: a single picture and a single sound, in whatever codec the room has. */
export class Subscriber extends Session {
  /** The stream is there from the start and fills when media comes, so it can be given to a video element at once. */
  stream = new MediaStream();

  constructor(room) {
    super(`/api/whep/play/${room}`);
    for (const kind of ["video", "audio"]) {
      const { receiver } = this.pc.addTransceiver(kind, { direction: "recvonly" });
      this.stream.addTrack(receiver.track);
    }
  }
}
