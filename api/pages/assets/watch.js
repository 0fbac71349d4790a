// The watch page: it stays with its room for as long as it is open, through endings, losses and restarts.

import { byId, fillRows } from "./dom.js";
import { play, wireControls } from "./controls.js";
import { asProblem, Problem } from "./problem.js";
import { backoff, pause } from "./retry.js";
import { roomOfPage } from "./room.js";
import { serverAnswers } from "./signalling.js";
import { inWords, Meter } from "./stats.js";
import { onToken, token } from "./token.js";
import { onAgain, show, showProblem, state } from "./view.js";
import { Subscriber } from "./whep.js";

const POLL = 2000; // before a new session in a room whose stream has ended
const QUIET = 4; // seconds without a byte after which a picture counts as standing still
const LOBBY = 1; // and after which a room that nobody has been seen in counts as empty

const room = roomOfPage();
const video = byId("video");
let run = new AbortController(); // aborted and replaced to begin anew
let session = null;
let anonymous = false; // a kept token was refused, but the room may be open to all
let seen = false; // there was a picture: its absence is an end, no longer a beginning
let failures = 0; // in a row, since there was a picture

/** One visit to the room, until signal aborts or a problem that only the visitor can solve. */
async function follow(signal) {
  while (!signal.aborted) {
    const problem = await attend();
    if (signal.aborted) return;
    if (problem.code === "token_invalid" && !anonymous && token()) {
      anonymous = true;
      continue;
    }
    leave();
    if (!problem.retryable) return showProblem("error", problem.code === "token_missing" && anonymous ? new Problem("token_invalid") : problem);
    const wait = waitFor(problem);
    showWaiting(problem, wait);
    await pause(wait, signal);
  }
}

/** Opens a session and stays until it is over. Resolves with the Problem that ended it; never rejects. */
async function attend() {
  try {
    const mine = (session = new Subscriber(room));
    await mine.open(anonymous ? "" : token());
    video.srcObject = mine.stream;
    play();
    const meter = setInterval(measure, 1000, mine, new Meter(mine.pc), { bytes: 0, quiet: 0 });
    return await mine.over.finally(() => clearInterval(meter));
  } catch (error) {
    return asProblem(error);
  }
}

function leave() {
  session?.close();
  session = null;
  byId("figures").replaceChildren();
}

function waitFor(problem) {
  if (problem.retryAfter !== null) return problem.retryAfter || POLL;
  return problem.code === "closed" ? POLL : backoff(failures++);
}

/** The end of a stream stays on the page until the next one begins, or something is worth saying more. */
function showWaiting(problem, wait) {
  const over = problem.code === "closed" || problem.code === "nobody";
  if (over && seen) {
    show("ended", { title: "The stream has ended", next: "If it comes back, it starts here by itself." });
  } else if (over) {
    show("waiting", { title: "Nobody is publishing here yet", next: "The picture starts by itself as soon as somebody does." });
  } else {
    showProblem("retrying", problem, wait);
  }
}

/** Once a second: figures, and whether anything still comes. A connection can outlive the stream that it carries. */
async function measure(mine, meter, last) {
  const now = await meter.read();
  if (mine !== session) return;
  const grew = now.bytes > last.bytes;
  last.quiet = grew ? 0 : last.quiet + 1;
  if (grew && last.bytes > 0) showLive();
  if (last.quiet === (seen ? QUIET : LOBBY) && mine.pc.connectionState === "connected") await onQuiet(mine);
  last.bytes = now.bytes;
  showFigures(now);
}

/** Silence has two causes, a publisher that sends nothing and a server that is gone; WebRTC takes ten seconds to tell. */
async function onQuiet(mine) {
  if (!(await serverAnswers())) return mine.lose("network_lost");
  if (mine !== session) return;
  if (state() === "live") {
    show("waiting", { title: "Nothing comes from the publisher", next: "The picture goes on by itself when it does." });
  } else {
    showWaiting(new Problem("nobody"));
  }
}

function showFigures(now) {
  fillRows(byId("figures"), [
    ["Codec", inWords.codecs(now)],
    ["Resolution", inWords.size(now)],
    ["Frames a second", inWords.fps(now.fps)],
    ["Bitrate", inWords.bitrate(now.bitrate)],
    ["Loss", inWords.percent(now.loss)],
    ["Jitter", inWords.ms(now.jitter)],
    ["Round trip", inWords.ms(now.roundTrip)],
    ["Frames decoded", now.decoded],
    ["Frames dropped", now.dropped],
  ]);
}

function showLive() {
  if (state() === "live" || !session) return;
  seen = true;
  failures = 0;
  show("live");
}

function begin() {
  run.abort();
  run = new AbortController();
  leave();
  anonymous = false;
  show("connecting");
  follow(run.signal);
}

byId("room").textContent = room;
document.title = `${room} · Rostrum`;
wireControls();
video.addEventListener("playing", showLive);
onAgain(begin);
onToken(() => state() === "error" && begin());
addEventListener("pagehide", () => {
  run.abort();
  leave();
});
addEventListener("pageshow", (event) => event.persisted && begin());
begin();
