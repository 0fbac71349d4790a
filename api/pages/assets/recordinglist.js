// The table of recordings. It changes what has changed and leaves the rest, so that neither the focus nor the eye is lost.

import { byId, el } from "./dom.js";
import { began, formatted, lasting, sized, stateOf } from "./recording.js";

const rows = byId("rows");
const shown = new Map(); // by id: {row, text}

/** Shows exactly these recordings, in their order. address(id) is where one of them opens. */
export function showRows(recordings, address) {
  const wanted = new Set(recordings.map(({ id }) => id));
  for (const [id, { row }] of shown) {
    if (wanted.has(id)) continue;
    row.remove();
    shown.delete(id);
  }
  let before = null;
  for (const recording of recordings) {
    const row = rowOf(recording, address);
    const place = before ? before.nextElementSibling : rows.firstElementChild;
    if (place !== row) rows.insertBefore(row, place);
    before = row;
  }
}

/** Puts the focus on a recording's row, and says whether it is there. */
export function focusRow(id) {
  shown.get(id)?.row.querySelector("a").focus();
  return shown.has(id);
}

function rowOf(recording, address) {
  const text = JSON.stringify(recording);
  const known = shown.get(recording.id);
  const row = known?.row ?? el("tr", { role: "row" }, head(recording));
  row.querySelector("a").href = address(recording.id);
  if (known?.text === text) return row;
  row.replaceChildren(row.firstElementChild, ...cells(recording));
  shown.set(recording.id, { row, text });
  return row;
}

function head(recording) {
  return el("th", { role: "rowheader", scope: "row" },
    el("a", { "data-open": recording.id }, el("time", { datetime: recording.started }, began(recording))));
}

function cells(recording) {
  const cell = (label, kind, value) =>
    el("td", { role: "cell", "data-label": label, class: value ? kind : `${kind} none` }, value || "–");
  const gaps = recording.gap_count > 0 && el("small", {}, recording.gap_count === 1 ? "1 gap" : `${recording.gap_count} gaps`);
  return [
    cell("Room", "name", recording.room),
    cell("Length", "number", lasting(recording.duration_seconds)),
    cell("Size", "number", recording.bytes > 0 && sized(recording.bytes)),
    cell("Format", "format", formatted(recording) && [el("span", {}, formatted(recording)), gaps]),
    cell("State", "state-cell", progress(recording)),
  ];
}

function progress(recording) {
  const { name, kind, more } = stateOf(recording);
  const bar = recording.state === "uploading" &&
    el("progress", { max: recording.bytes, value: recording.uploaded_bytes, "aria-label": "Uploaded" });
  return [el("span", { class: `badge ${kind}` }, name), bar, more && el("small", {}, more)];
}
