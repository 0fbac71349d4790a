// The page of recordings: which ones (kept in its address, so that a view can be shared), the list, and one of them open.

import { read } from "./client.js";
import { byId } from "./dom.js";
import { asksForToken, asProblem } from "./problem.js";
import { moving } from "./recording.js";
import { closeDetail, opened, openDetail, openMoves, refreshDetail, wireDetail } from "./recordingdetail.js";
import { focusRow, showRows } from "./recordinglist.js";
import { complaint } from "./room.js";
import { onAgain, show, showProblem, state } from "./view.js";

const PAGE = 50;
const MOST = 200; // that the server tells of at once
const SOON = 2000; // between looks while something moves
const LATER = 20_000; // and while nothing does
const FILTERS = { room: "room", state: "stage", from: "from", to: "to" }; // by their name in the address, their field

let recordings = [];
let cursor = "";
let timer = 0;
let failures = 0;
let run = new AbortController(); // aborted when other recordings are wanted

/** The address of this page with these filters, and a recording open in it. */
function address(id = null) {
  const query = new URLSearchParams();
  for (const [name, field] of Object.entries(FILTERS)) if (byId(field).value) query.set(name, byId(field).value.trim());
  if (id) query.set("recording", id);
  return query.size > 0 ? `/recordings?${query}` : "/recordings";
}

/** What to ask the server for. A day is the visitor's own, from midnight to midnight. */
function query(limit, after = "") {
  const [from, to] = [byId("from").value, byId("to").value];
  const asked = {
    room: byId("room").value.trim(),
    state: byId("stage").value,
    from: from && midnight(from, 0),
    before: to && midnight(to, 1),
    cursor: after,
  };
  return { limit, ...Object.fromEntries(Object.entries(asked).filter(([, value]) => value)) };
}

const list = (query, signal) => read((api) => api.GET("/api/recordings", { params: { query }, signal }));

function midnight(day, later) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

const filtered = () => Object.values(FILTERS).some((field) => byId(field).value);

/** Shows what the filters say, from the first page on. */
async function begin() {
  run.abort();
  run = new AbortController();
  [recordings, cursor, failures] = [[], "", 0];
  byId("clear").hidden = !filtered();
  byId("main").setAttribute("aria-busy", "true");
  show("loading");
  await look(run.signal);
}

/** Asks for as many as are shown, puts them in place of those, and comes back later. It never rejects. */
async function look(signal) {
  clearTimeout(timer);
  const many = Math.min(MOST, Math.max(PAGE, recordings.length));
  try {
    const page = await list(query(many), signal);
    if (signal.aborted) return;
    take(page, many);
    failures = 0;
    render();
    openAsAddressed();
  } catch (error) {
    if (signal.aborted) return;
    const problem = asProblem(error);
    if (!problem.retryable) return stop(problem);
    failures++;
    showProblem("retrying", problem, LATER);
  }
  await refreshDetailIfMoving();
  if (!signal.aborted) plan();
}

/** What lies behind the page that was asked for stays as it was last known. */
function take(page, many) {
  const beyond = recordings.length > many ? recordings.slice(many) : [];
  const seen = new Set(page.recordings.map(({ id }) => id));
  recordings = [...page.recordings, ...beyond.filter(({ id }) => !seen.has(id))];
  if (beyond.length === 0) cursor = page.next_cursor ?? "";
}

async function refreshDetailIfMoving() {
  if (openMoves()) await refreshDetail();
}

/** Nobody looks at a page that is hidden: then nothing is asked for, until it is shown again. */
function plan() {
  clearTimeout(timer);
  if (document.visibilityState !== "visible") return;
  const soon = failures === 0 && (recordings.some(moving) || openMoves());
  timer = setTimeout(() => look(run.signal), soon ? SOON : LATER);
}

function stop(problem) {
  recordings = [];
  render();
  byId("empty").hidden = true;
  showProblem("error", problem);
  if (asksForToken(problem)) closeDetail(); // it stays in the address, and opens when a token has been given
}

function render() {
  byId("main").removeAttribute("aria-busy");
  showRows(recordings, address);
  byId("list").hidden = recordings.length === 0;
  byId("more").hidden = cursor === "";
  byId("empty").hidden = recordings.length > 0 || cursor !== "";
  const some = filtered();
  byId("empty-title").textContent = some ? "Nothing fits" : "Nothing has been recorded yet";
  byId("empty-next").textContent = some
    ? "No recording that you may see fits all of these filters. Take one of them away, or clear them."
    : "What is published into a room that is recorded shows here as soon as it begins, and goes on its way into the store when it ends.";
  show("shown", { label: summary() });
}

/** Opens or closes the dialog as the address says. */
function openAsAddressed() {
  const id = new URLSearchParams(location.search).get("recording");
  if (!id) closeDetail();
  else if (id !== opened()) openDetail(id, recordings.find((recording) => recording.id === id));
}

function summary() {
  if (recordings.length === 0 && !cursor) return "";
  const live = recordings.filter(({ live }) => live).length;
  const failed = recordings.filter(({ state }) => state === "failed").length;
  const count = `${recordings.length}${cursor ? "+" : ""} ${recordings.length === 1 && !cursor ? "recording" : "recordings"}`;
  return [count, live && `${live} being made`, failed && `${failed} failed`].filter(Boolean).join(", ");
}

async function more() {
  const button = byId("more");
  const signal = run.signal;
  button.disabled = true;
  try {
    const page = await list(query(PAGE, cursor), signal);
    const seen = new Set(recordings.map(({ id }) => id));
    recordings.push(...page.recordings.filter(({ id }) => !seen.has(id)));
    cursor = page.next_cursor ?? "";
    render();
  } catch (error) {
    if (!signal.aborted) showProblem("retrying", asProblem(error));
  }
  button.disabled = false;
}

function onFilter() {
  const name = byId("room").value.trim();
  const wrong = name ? complaint(name) : "";
  byId("room-hint").textContent = wrong;
  byId("room").setAttribute("aria-invalid", String(wrong !== ""));
  if (wrong) return;
  history.replaceState(null, "", address(opened()));
  begin();
}

/** Sets the filters to what the address says. */
function readFilters() {
  const now = new URLSearchParams(location.search);
  for (const [name, field] of Object.entries(FILTERS)) byId(field).value = now.get(name) ?? "";
}

function onOpen(event) {
  const link = event.target.closest("a[data-open]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  openAsAddressed();
}

function onClosed(id) {
  if (state() === "error") return;
  if (new URLSearchParams(location.search).has("recording")) history.pushState(null, "", address());
  if (!focusRow(id)) byId("main").focus();
}

for (const field of Object.values(FILTERS)) byId(field).addEventListener("change", onFilter);
byId("room").addEventListener("search", onFilter);
byId("filters").addEventListener("submit", (event) => {
  event.preventDefault();
  onFilter();
});
byId("clear").addEventListener("click", () => {
  for (const field of Object.values(FILTERS)) byId(field).value = "";
  onFilter();
});
byId("rows").addEventListener("click", onOpen);
byId("more").addEventListener("click", more);
wireDetail(onClosed, () => look(run.signal));
onAgain(begin);
addEventListener("popstate", () => {
  const before = JSON.stringify(query(PAGE));
  readFilters();
  if (JSON.stringify(query(PAGE)) !== before) return begin();
  render();
  openAsAddressed();
});
document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? look(run.signal) : clearTimeout(timer)));
readFilters();
begin();
