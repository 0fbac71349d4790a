// Whether the room is being recorded, said beside the state while somebody publishes.

import { byId } from "./dom.js";
import { asProblem } from "./problem.js";
import { call } from "./request.js";
import { pause } from "./retry.js";

const PAUSE = 5000;
const mark = byId("recorded");

/** Says how the room's recording stands until signal aborts, if the token may know. It never rejects. */
export async function markRecorded(room, signal) {
  while (!signal.aborted) {
    try {
      const now = await call("GET", `/api/rooms/${room}/recording`, signal);
      if (!signal.aborted) say(...words(now));
    } catch (error) {
      if (signal.aborted || !asProblem(error).retryable) break;
    }
    await pause(PAUSE, signal);
  }
  say("", "");
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
