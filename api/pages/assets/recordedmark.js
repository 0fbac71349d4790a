// Whether the room is being recorded, said beside the state while somebody publishes.

import { read } from "./client.js";
import { byId } from "./dom.js";
import { asProblem } from "./problem.js";

const PAUSE = 5000;
const mark = byId("recorded");

/** Says how the room's recording stands until signal aborts, if the token may know. It never rejects. */
export async function markRecorded(room, signal) {
  while (!signal.aborted) {
    try {
      const now = await read((api) => api.GET("/api/rooms/{room}/recording", { params: { path: { room } }, signal }));
      if (!signal.aborted) say(...words(now));
    } catch (error) {
      if (signal.aborted || !asProblem(error).retryable) break;
    }
    await pause(signal);
  }
  say("", "");
}

function pause(signal) {
  return new Promise((resolve) => {
    setTimeout(resolve, PAUSE);
    signal.addEventListener("abort", resolve, { once: true });
  });
}

/** What is said, and whether it is good news. */
function words({ on, started, trouble, refused }) {
  if (refused) return [`Not recorded: ${refused.reason}`, "wrong"];
  if (trouble) return [`Recording halted: ${trouble}`, "wrong"];
  return on && started ? ["Being recorded", "on"] : ["", ""];
}

function say(text, kind) {
  mark.hidden = !text;
  mark.className = `recorded ${kind}`;
  if (mark.textContent !== text) mark.textContent = text;
}
