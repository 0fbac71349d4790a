// The three lists of the publish page: picture, sound, codec.

import { ANY, devices, NONE, SCREEN } from "./capture.js";
import { byId, el } from "./dom.js";
import { sendableCodecs } from "./rostrum.js";

/** Chromium lists its defaults a second time under these. */
const ALIASES = new Set(["default", "communications"]);

/** What is chosen now: a device's id, or ANY, NONE or SCREEN. */
export const choice = {
  picture: () => byId("camera").value,
  sound: () => byId("microphone").value,
};

/** Fills the device lists with what there is, keeping the choices that still stand. */
export async function offerDevices() {
  const [cameras, microphones] = await Promise.all([devices("videoinput"), devices("audioinput")]);
  fill(byId("camera"), [
    ...offered(cameras, "Default camera"),
    [SCREEN, "Screen or window"],
    [NONE, cameras.length > 0 ? "No camera" : "No camera found"],
  ]);
  fill(byId("microphone"), [
    ...offered(microphones, "Default microphone"),
    [NONE, microphones.length > 0 ? "No microphone" : "No microphone found"],
  ]);
}

/** Before the visitor allows them, devices have neither id nor name: then there is one entry for all of a kind. */
function offered(found, any) {
  if (found.length === 0) return [];
  const named = found.filter(({ deviceId, label }) => label && deviceId && !ALIASES.has(deviceId));
  return [[ANY, any], ...named.map(({ deviceId, label }) => [deviceId, label])];
}

function fill(list, entries) {
  const chosen = list.value;
  list.replaceChildren(...entries.map(([value, label]) => el("option", { value }, label)));
  const stands = entries.some(([value]) => value === chosen);
  list.value = stands ? chosen : entries.find(([value]) => value !== SCREEN)[0];
}

/** Offers the codecs that this browser can send, after "Automatic". */
export function offerCodecs() {
  byId("codec").append(...sendableCodecs().map((name) => el("option", { value: name }, name)));
}

/** While live, a kind that the session was not opened with cannot be added: its list is locked. */
export function lockMissing(has) {
  byId("camera").disabled = !has("video");
  byId("microphone").disabled = !has("audio");
}

export function unlock() {
  byId("camera").disabled = byId("microphone").disabled = false;
}
