// What goes wrong in the browser itself, as the Problem that everything else is told by too.

import { Problem } from "./rostrum.js";

/** Codes that another token can cure. */
const TOKEN = new Set(["token_missing", "token_invalid", "token_malformed", "forbidden"]);

/** Whether another token may help. */
export const asksForToken = ({ code }) => TOKEN.has(code);

/** Gives a failed camera, microphone or screen request its name. */
export function problemOfDevice(error, screen) {
  if (error instanceof Problem) return error;
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return new Problem(screen ? "screen_denied" : "camera_denied");
    case "NotFoundError":
    case "OverconstrainedError":
      return new Problem("device_missing");
    case "NotReadableError":
    case "AbortError":
      return new Problem("device_busy");
    default:
      return new Problem("unexpected", { detail: String(error.message ?? error) });
  }
}

/** Anything thrown, as a Problem: a fault of this page itself is shown rather than lost. */
export function asProblem(error) {
  if (error instanceof Problem) return error;
  console.error(error);
  return new Problem("unexpected", { detail: String(error.message ?? error) });
}
