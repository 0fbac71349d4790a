// A recording in the words of the page: when, how long, how large, in what, and how far it has come.

import { inWords } from "./stats.js";

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export const began = (recording) => `${day.format(new Date(recording.started))}, ${clock.format(new Date(recording.started))}`;
export const exactly = (time) => (time ? exact.format(new Date(time)) : null);
export const lasting = (seconds) => (seconds > 0 ? inWords.elapsed(seconds * 1000) : null);

/** Bytes as people read them, in powers of 1000. */
export function sized(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const steps = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  while (value >= 999.5 && steps.length > 1) {
    value /= 1000;
    steps.shift();
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${steps[0]}`;
}

/** "VP8 1280 × 720, Opus" */
export function formatted({ video, audio }) {
  const sound = audio && (audio.codec === "OPUS" ? "Opus" : audio.codec);
  const picture = video && `${video.codec} ${video.width}\u00a0×\u00a0${video.height}`;
  if (picture) return sound ? `${picture}, ${sound}` : `${picture}, no sound`;
  return sound ? `${sound}, sound only` : "";
}

/** Whether more will come of it by itself. */
export const moving = (recording) => recording.state !== "stored";

/** {name, kind, more}: how far it has come; kind is one of live, wait, good and wrong. */
export function stateOf({ state, live, failure, bytes, uploaded_bytes: uploaded }) {
  switch (state) {
    case "started":
      if (!live) return { name: "Finishing", kind: "wait", more: "" };
      return live.trouble ? { name: "Recording halted", kind: "wrong", more: live.trouble } : { name: "Recording", kind: "live", more: "" };
    case "finalized":
      return { name: "Waiting to upload", kind: "wait", more: "" };
    case "uploading":
      return { name: "Uploading", kind: "wait", more: `${sized(uploaded)} of ${sized(bytes)}` };
    case "stored":
      return { name: "Stored", kind: "good", more: "" };
    case "failed":
      return { name: "Failed", kind: "wrong", more: nextTry(failure) };
    default:
      return { name: state, kind: "wait", more: "" };
  }
}

/** "next try at 20:15", or at once where that is over. */
export function nextTry(failure) {
  if (!failure?.next_try) return "";
  return Date.parse(failure.next_try) <= Date.now() ? "trying again" : `next try at ${clock.format(new Date(failure.next_try))}`;
}

/** "Picture missing at 0:12 for 1.5 s" */
export function gapInWords({ kind, at_seconds: at, seconds, reason }) {
  const why = { lost: "it never came", "slow disk": "the disk was too slow", "disk full": "the disk took nothing" };
  const long = seconds < 60 ? `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s` : inWords.elapsed(seconds * 1000);
  return `${kind === "audio" ? "Sound" : "Picture"} missing at ${inWords.elapsed(at * 1000)} for ${long}: ${why[reason] ?? reason}`;
}
