// The publish page: choose sources, look at them, go live, and stay live over a bad network until Stop.

import { Capture } from "./capture.js";
import { rostrum } from "./client.js";
import { byId, copyOnClick, fillRows } from "./dom.js";
import { asProblem } from "./problem.js";
import { markRecorded } from "./recordedmark.js";
import { roomOfPage } from "./room.js";
import { Problem, Publisher } from "./rostrum.js";
import { choice, lockMissing, offerCodecs, offerDevices, unlock } from "./sources.js";
import { inWords, Meter } from "./stats.js";
import { onAgain, show, showProblem, state } from "./view.js";

const room = roomOfPage();
const link = `${location.origin}/watch/${room}`;
const capture = new Capture(onLost);
let run = null; // the AbortController of the publication, from Start to Stop; null between
let publisher = null;
let meter = null; // of the connection in use, once a second has passed
let since = 0;
const listed = offerDevices().catch(() => {});

/** Opens the sources and publishes them until Stop, or until a problem that waiting cannot cure. Never rejects. */
async function publish(signal) {
  try {
    await look();
    if (signal.aborted) return run ? null : letGo(); // a newer Start may be using the sources already
    if (capture.tracks.length === 0) throw new Problem("nothing_chosen");
    const mine = (publisher = new Publisher(rostrum, room, new MediaStream(capture.tracks), { codec: byId("codec").value }));
    window.rostrum = mine; // for tests and for a console: its pc is the connection in use now
    lockMissing((kind) => mine.has(kind));
    mine.on("live", onLive, { signal });
    mine.on("reconnecting", ({ why, wait }) => showProblem("retrying", why, wait), { signal });
    mine.on("closed", ({ why }) => why && finish(why.code === "closed" ? "ended" : "error", why), { signal });
    mine.start().catch(() => {}); // what it rejects with is told by closed as well
  } catch (error) {
    if (!signal.aborted) finish("error", asProblem(error));
  }
}

function onLive() {
  since ||= Date.now();
  show("live");
}

/** Opens the chosen sources and shows the picture. Rejects with a Problem. */
async function look() {
  await listed;
  await capture.open(choice.picture(), choice.sound());
  showPreview();
  await offerDevices();
}

/** A look before Start. */
async function preview() {
  try {
    await look();
    if (capture.tracks.length === 0) throw new Problem("nothing_chosen");
    if (!run) show("idle");
  } catch (error) {
    if (!run) showProblem("error", asProblem(error));
  }
}

function showPreview() {
  const picture = capture.track("video");
  byId("preview").srcObject = picture ? new MediaStream([picture]) : null;
  byId("preview-off").hidden = picture !== null;
}

/** Once a second: the figures of the connection in use. */
async function measure() {
  const pc = publisher?.pc;
  if (!pc) return;
  if (meter?.pc !== pc) meter = new Meter(pc);
  const now = await meter.read();
  if (publisher?.pc !== pc || !since) return;
  fillRows(byId("figures"), [
    ["On air", inWords.elapsed(Date.now() - since)],
    ["Bitrate", inWords.bitrate(now.bitrate)],
    ["Resolution", inWords.size(now)],
    ["Frames a second", inWords.fps(now.fps)],
    ["Round trip", inWords.ms(now.roundTrip)],
    ["Codec", inWords.codecs(now)],
    ["Held back by", { cpu: "this device", bandwidth: "the network" }[now.limitedBy]],
  ]);
}

function start() {
  if (run) return;
  run = new AbortController();
  setRunning(true);
  show("connecting");
  publish(run.signal);
  markRecorded(room, run.signal);
}

/** Ends the publication with DELETE and lets go of the devices. */
function stop() {
  if (!run) return;
  finish("idle");
  letGo();
}

function letGo() {
  capture.stop();
  showPreview();
}

function finish(name, problem = null) {
  run?.abort();
  run = null;
  since = 0;
  publisher?.stop();
  publisher = meter = null;
  setRunning(false);
  if (problem) showProblem(name, problem);
  else show(name);
}

function setRunning(running) {
  byId("start").disabled = running;
  byId("stop").disabled = !running;
  byId("codec").disabled = running;
  byId("figures").replaceChildren();
  if (!running) unlock();
}

/** Another source, chosen while live or while the preview is on, takes the place of the one before at once. */
async function onChoice() {
  if (!run && capture.tracks.length === 0) return;
  try {
    await look();
    for (const kind of ["video", "audio"]) await publisher?.replace(kind, capture.track(kind));
    if (!run) show("idle");
  } catch (error) {
    showProblem(run ? state() : "error", asProblem(error));
  }
  showPreview();
}

function onLost(kind) {
  const lost = kind === "video" ? "picture" : "sound";
  show(state(), { title: `The source of the ${lost} has ended`, next: "It was unplugged, or sharing was stopped. Choose another." });
}

byId("room").textContent = room;
document.title = `Publish ${room} · Rostrum`;
Object.assign(byId("watch-link"), { href: link, textContent: link });
copyOnClick(byId("copy-link"), () => link);
byId("settings").addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});
byId("stop").addEventListener("click", stop);
byId("preview-on").addEventListener("click", preview);
for (const id of ["camera", "microphone"]) byId(id).addEventListener("change", onChoice);
onAgain(start);
addEventListener("pagehide", stop);
offerCodecs();
setInterval(measure, 1000);
navigator.mediaDevices?.addEventListener("devicechange", () => offerDevices().catch(() => {}));
if (!isSecureContext) showProblem("error", new Problem("insecure_context"));
