// The publish page: choose sources, look at them, go live, and stay live over a bad network until Stop.

import { Capture } from "./capture.js";
import { byId, copyOnClick, fillRows } from "./dom.js";
import { asProblem, Problem } from "./problem.js";
import { markRecorded } from "./recordedmark.js";
import { backoff, pause } from "./retry.js";
import { roomOfPage } from "./room.js";
import { serverAnswers } from "./signalling.js";
import { choice, lockMissing, offerCodecs, offerDevices, unlock } from "./sources.js";
import { inWords, Meter } from "./stats.js";
import { token } from "./token.js";
import { onAgain, show, showProblem, state } from "./view.js";
import { Publisher } from "./whip.js";

const room = roomOfPage();
const link = `${location.origin}/watch/${room}`;
const capture = new Capture(onLost);
let run = null; // the AbortController of the publication, from Start to Stop; null between
let session = null;
let since = 0;
const listed = offerDevices().catch(() => {});

/** Opens the sources and publishes them until Stop, or until a problem that waiting cannot cure. */
async function publish(signal) {
  let failures = 0;
  let wasLive = false;
  while (!signal.aborted) {
    let problem = await attempt(signal, () => ([failures, wasLive] = [0, true]));
    session?.close();
    session = null;
    if (signal.aborted) return;
    if (problem.code === "closed") {
      if (await serverAnswers()) return finish("ended", problem);
      problem = new Problem("server_away");
    }
    if (!wasLive || !problem.retryable) return finish("error", problem);
    const wait = problem.retryAfter ?? backoff(failures++);
    showProblem("retrying", problem, wait);
    await pause(wait, signal);
  }
}

/** One session, to its end. Resolves with the Problem that ended it; never rejects. */
async function attempt(signal, onLive) {
  try {
    await look();
    if (signal.aborted) return run ? null : letGo(); // a newer Start may be using the sources already
    if (capture.tracks.length === 0) throw new Problem("nothing_chosen");
    const mine = (session = new Publisher(room, capture.tracks, byId("codec").value));
    lockMissing((kind) => mine.has(kind));
    mine.pc.addEventListener("connectionstatechange", () => {
      if (mine.pc.connectionState !== "connected" || signal.aborted) return;
      since ||= Date.now();
      onLive();
      show("live");
    });
    await mine.open(token());
    const meter = setInterval(measure, 1000, new Meter(mine.pc));
    return await mine.over.finally(() => clearInterval(meter));
  } catch (error) {
    return asProblem(error);
  }
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

async function measure(meter) {
  const now = await meter.read();
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
  session?.close();
  session = null;
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
    for (const kind of ["video", "audio"]) await session?.replace(kind, capture.track(kind));
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
navigator.mediaDevices?.addEventListener("devicechange", () => offerDevices().catch(() => {}));
if (!isSecureContext) showProblem("error", new Problem("insecure_context"));
