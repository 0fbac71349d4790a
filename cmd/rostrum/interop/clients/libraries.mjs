// The page of another site that publishes and plays by libraries of the npm registry, each in the way of its manual.
// The Go tests bundle it, serve it, and call what it puts on window.

import { WebRTCPlayer } from "@eyevinn/webrtc-player";
import { WHIPClient as EyevinnPublisher } from "@eyevinn/whip-web-client";
import { WHEPClient } from "whip-whep/whep.js";
import { WHIPClient } from "whip-whep/whip.js";

// Libraries keep their connections to themselves: the newest is here for the tests.
window.RTCPeerConnection = class extends window.RTCPeerConnection {
  constructor(...configuration) {
    super(...configuration);
    window.rostrum = { pc: this };
  }
};

const camera = () => navigator.mediaDevices.getUserMedia({ audio: true, video: true });
const video = document.querySelector("video");

/** How each library publishes. Each returns how its session ends and, if the library can, how ICE restarts. */
window.publish = {
  async "@eyevinn/whip-web-client"(endpoint, token) {
    const client = new EyevinnPublisher({ endpoint, opts: { authkey: token, iceServers: [] } });
    await client.setIceServersFromEndpoint();
    await client.ingest(await camera());
    return { end: () => client.destroy() };
  },
  async "whip-whep"(endpoint, token) {
    const pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    for (const track of (await camera()).getTracks()) pc.addTransceiver(track, { direction: "sendonly" });
    const client = new WHIPClient();
    await client.publish(pc, endpoint, token);
    return { end: () => client.stop(), restart: () => client.restart() };
  },
};

/** How each library plays into the page's video element. */
window.play = {
  async "@eyevinn/webrtc-player"(endpoint, token) {
    const player = new WebRTCPlayer({ video, type: "whep", iceServers: [] });
    await player.load(new URL(endpoint), `Bearer ${token}`);
    return { end: () => player.unload() };
  },
  async "whip-whep"(endpoint, token) {
    const pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    pc.addTransceiver("audio");
    pc.addTransceiver("video");
    video.srcObject = new MediaStream(pc.getReceivers().map((receiver) => receiver.track));
    const client = new WHEPClient();
    await client.view(pc, endpoint, token);
    return { end: () => client.stop(), restart: () => client.restart() };
  },
};

/** Begins a session by a library. It is window.session from then on. */
window.begin = async (how, library, endpoint, token) => {
  window.session = await window[how][library](endpoint, token);
};
