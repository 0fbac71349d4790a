// The watch page: it stays with its room for as long as it is open, through endings, losses and restarts.

import { anybody, rostrum } from "./client.js";
import { play, wireControls } from "./controls.js";
import { byId, fillRows } from "./dom.js";
import { roomOfPage } from "./room.js";
import { Problem, Subscriber } from "./rostrum.js";
import { inWords, Meter } from "./stats.js";
import { onToken, token } from "./token.js";
import { onAgain, show, showProblem, state } from "./view.js";
import { explain } from "./words.js";

const room = roomOfPage();
const video = byId("video");
let subscriber = null;
let meter = null; // of the connection in use, once a second has passed
let seen = false; // there was a picture: its absence is an end, no longer a beginning

/** Enters the room anew, with the kept token or as anybody. */
function begin(client = rostrum) {
  leave();
  show("connecting");
  const mine = (subscriber = new Subscriber(client, room));
  window.rostrum = mine; // for tests and for a console: its pc is the connection in use now
  const on = (type, act) => mine.on(type, (event) => mine === subscriber && act(event));
  on("stream", ({ stream }) => {
    video.srcObject = stream;
    play();
  });
  on("live", showLive);
  on("waiting", ({ why }) => showWaiting(why));
  on("reconnecting", ({ why, wait }) => showProblem("retrying", why, wait));
  on("closed", ({ why }) => why && onClosed(why, client));
  mine.start().catch(() => {}); // what it rejects with is told by closed as well
}

function leave() {
  const mine = subscriber;
  subscriber = meter = null;
  byId("figures").replaceChildren();
  mine?.stop();
}

function showLive() {
  seen = true;
  show("live");
}

/** The end of a stream stays on the page until the next one begins. */
function showWaiting(why) {
  const { title, next } = explain(why.code === "silent" ? why : new Problem("nobody"));
  if (seen && why.code !== "silent") show("ended", { title: "The stream has ended", next: "If it comes back, it starts here by itself." });
  else show("waiting", { title, next });
}

/** A kept token that was refused is left out for a second try: the room may be open to all. */
function onClosed(why, client) {
  if (why.code === "token_invalid" && client === rostrum) return begin(anybody);
  const refused = why.code === "token_missing" && client === anybody && token();
  leave();
  showProblem("error", refused ? new Problem("token_invalid") : why);
}

/** Once a second: the figures of the connection in use. */
async function measure() {
  const pc = subscriber?.pc;
  if (!pc) return byId("figures").replaceChildren();
  if (meter?.pc !== pc) meter = new Meter(pc);
  const now = await meter.read();
  if (subscriber?.pc === pc) showFigures(now);
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

byId("room").textContent = room;
document.title = `${room} · Rostrum`;
wireControls();
setInterval(measure, 1000);
onAgain(() => begin());
onToken(() => state() === "error" && begin());
addEventListener("pagehide", leave);
addEventListener("pageshow", (event) => event.persisted && begin());
begin();
