// The dialog of one recording: it plays, tells what is known of it, tries it again and deletes it.

import { change, read } from "./client.js";
import { byId, fillRows } from "./dom.js";
import { closePlayer, resume, showParts } from "./player.js";
import { asProblem } from "./problem.js";
import { began, exactly, formatted, lasting, moving, nextTry, sized, stateOf } from "./recording.js";
import { explain } from "./words.js";

const dialog = byId("detail");
const confirm = byId("confirm");
let open = null; // the id of the recording that is open
let shown = null; // what was last known of it
let onClose = () => {};
let onChange = () => {};

/** The id of the recording that is open, null if none is. */
export const opened = () => open;

/** Whether more will come of the recording that is open. */
export const openMoves = () => open !== null && (shown === null || moving(shown));

/** Opens a recording. What is told of it in the list already stands in until the rest is there. */
export async function openDetail(id, known = null) {
  if (open === id) return;
  if (open) closePlayer();
  [open, shown] = [id, null];
  byId("detail-title").textContent = known ? began(known) : "Loading";
  byId("detail-room").textContent = known ? `Room ${known.room}` : "Recording";
  byId("detail-state").textContent = "Loading";
  byId("detail-state").className = "badge";
  for (const name of ["theatre", "detail-notice", "erase"]) byId(name).hidden = true;
  byId("facts").replaceChildren();
  if (!dialog.open) dialog.showModal();
  await refreshDetail();
}

/** Asks for the recording that is open again, and shows it. It never rejects. */
export async function refreshDetail() {
  const id = open;
  if (!id) return;
  try {
    const recording = await read((api) => api.GET("/api/recordings/{recording}", named(id)));
    if (id === open) show(recording);
  } catch (error) {
    if (id === open) complain(asProblem(error));
  }
}

export function closeDetail() {
  if (dialog.open) dialog.close();
}

function show(recording) {
  shown = recording;
  byId("detail-title").textContent = began(recording);
  byId("detail-room").textContent = `Room ${recording.room}`;
  const { name, kind, more } = stateOf(recording);
  const words = more && recording.state !== "failed" && !recording.live?.trouble ? `${name}: ${more}` : name;
  if (byId("detail-state").textContent !== words) byId("detail-state").textContent = words;
  byId("detail-state").className = `badge ${kind}`;
  showNotice(recording);
  showParts(recording.parts, () => refreshDetail().then(resume));
  fillRows(byId("facts"), facts(recording));
  byId("erase").hidden = Boolean(recording.live);
}

function facts(recording) {
  return [
    ["Length", lasting(recording.duration_seconds)],
    ["Size", recording.bytes > 0 ? sized(recording.bytes) : null],
    ["Format", formatted(recording)],
    ["Gaps", recording.gap_count || null],
    ["Began", exactly(recording.started)],
    ["Ended", exactly(recording.ended)],
    ["In the store since", exactly(recording.stored)],
    ["Key in the store", recording.key],
    ["Recording", recording.id],
    ["Session", recording.session],
  ];
}

const named = (recording) => ({ params: { path: { recording } } });
const unpointed = (text) => text.replace(/\.$/, "");

/** Failures stay to be read while the next attempt runs; the recorder's trouble is told in its own words. */
function showNotice({ state, failure, live }) {
  if (live?.trouble) return notice("Nothing can be written now", `${unpointed(live.trouble)}. It goes on by itself when it can; what comes until then is missing.`);
  if (!failure) return notice("", "");
  const step = { started: "Making the files whole", finalized: "The upload", uploading: "The upload" }[failure.during] ?? "A step";
  const tries = failure.attempts === 1 ? "once" : `${failure.attempts} times in a row`;
  const next = state === "failed" ? nextTry(failure) : "trying again now";
  notice(`${step} failed ${tries}`, [`${unpointed(failure.reason)}.`, next && `${next[0].toUpperCase()}${next.slice(1)}.`, "It is tried until it succeeds."].filter(Boolean).join(" "), state === "failed");
}

function complain(problem) {
  const { title, next } = explain(problem);
  notice(title, next);
  if (!shown) byId("detail-state").textContent = "";
}

/** The same words again change nothing, so that they are not spoken twice. */
function notice(title, next, retry = false) {
  byId("detail-notice").hidden = !title;
  if (byId("detail-notice-title").textContent !== title) byId("detail-notice-title").textContent = title;
  if (byId("detail-notice-next").textContent !== next) byId("detail-notice-next").textContent = next;
  byId("retry").hidden = !retry;
}

/** Does something to the recording that is open, with its button held while it runs. */
async function act(button, work) {
  button.disabled = true;
  try {
    await work(open);
  } catch (error) {
    complain(asProblem(error));
  }
  button.disabled = false;
  onChange();
}

function askToErase() {
  const files = shown.part_count === 1 ? "1 media file" : `${shown.part_count} media files`;
  const what = shown.part_count > 0 ? `${files}, ${sized(shown.bytes)} in all, and the manifest` : "all that has been written";
  byId("confirm-what").textContent =
    `The recording of room ${shown.room} that began ${began(shown)}: ${what} will be erased, in the store and on this server. That cannot be undone.`;
  confirm.showModal();
  byId("keep").focus();
}

async function erase(id) {
  confirm.close();
  await change((api) => api.DELETE("/api/recordings/{recording}", named(id)));
  closeDetail();
}

/** Wires the dialog, once. closed is called when it has closed, with the id; changed when something was done. */
export function wireDetail(closed, changed) {
  [onClose, onChange] = [closed, changed];
  byId("detail-close").addEventListener("click", closeDetail);
  byId("retry").addEventListener("click", () => act(byId("retry"), async (id) => show(await change((api) => api.POST("/api/recordings/{recording}/retry", named(id))))));
  byId("erase").addEventListener("click", askToErase);
  byId("keep").addEventListener("click", () => confirm.close());
  byId("erase-now").addEventListener("click", () => act(byId("erase"), erase));
  dialog.addEventListener("click", (event) => event.target === dialog && closeDetail()); // beside it
  dialog.addEventListener("close", () => {
    const id = open;
    [open, shown] = [null, null];
    closePlayer();
    onClose(id);
  });
}
