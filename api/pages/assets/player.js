// The player of one recording: its parts as a playlist that goes on by itself.

import { byId, el } from "./dom.js";
import { formatted, gapInWords, lasting, sized } from "./recording.js";

const video = byId("player");
const list = byId("parts");
let parts = [];
let current = -1;
let renewed = false; // the links have been fetched again since something last played
let onStale = () => {};

/**
 * Shows the parts of a recording. The same parts again leave what is playing alone, and only renew the links. stale is
 * called when a link does not play any more; whoever is called shows the parts again with new links.
 */
export function showParts(now, stale) {
  const same = now.length === parts.length && now.every(({ file, sha256 }, i) => parts[i].file === file && parts[i].sha256 === sha256);
  [parts, onStale] = [now, stale];
  byId("theatre").hidden = parts.length === 0;
  if (same) return relink();
  current = -1;
  list.replaceChildren(...parts.map(entry));
  list.hidden = parts.length === 0;
  if (parts.length > 0) load(0);
  else unload();
}

/** Stops, and lets go of the media. */
export function closePlayer() {
  parts = [];
  current = -1;
  unload();
}

/** Begins the present part again where it stands, by its new link. */
export function resume() {
  if (current < 0) return;
  const [at, playing] = [video.currentTime, !video.paused];
  load(current);
  video.addEventListener("loadedmetadata", () => (video.currentTime = at), { once: true });
  if (playing) video.play().catch(() => {});
}

function unload() {
  video.removeAttribute("src");
  video.load();
}

function load(i) {
  current = i;
  video.classList.toggle("sound", !parts[i].video);
  video.src = parts[i].url;
  for (const [n, button] of list.querySelectorAll("button").entries()) {
    if (n === i) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  byId("broken").hidden = true;
}

function play(i) {
  load(i);
  video.play().catch(() => {});
}

function entry(part, i) {
  const button = el("button", { type: "button", class: "part" },
    el("span", { class: "which" }, parts.length > 1 ? `Part ${i + 1}` : "Play"),
    el("span", { class: "what" }, [lasting(part.duration_seconds), formatted(part), sized(part.bytes)].filter(Boolean).join(" · ")));
  button.addEventListener("click", () => play(i));
  return el("li", {}, el("div", { class: "line" }, button, el("a", { class: "button quiet", href: download(part), download: "" }, "Download", el("span", { class: "offscreen" }, ` ${part.file}`))),
    part.gaps.length > 0 && el("ul", { class: "gaps", "aria-label": "Gaps" }, part.gaps.map((gap) => el("li", {}, gapInWords(gap)))),
    el("p", { class: "sum" }, `${part.file}, SHA-256 `, el("code", {}, part.sha256)));
}

function relink() {
  for (const [i, link] of list.querySelectorAll("a.button").entries()) link.href = download(parts[i]);
}

const download = (part) => `${part.url}&download=true`;

video.addEventListener("ended", () => current >= 0 && current + 1 < parts.length && play(current + 1));
video.addEventListener("playing", () => (renewed = false));
video.addEventListener("error", () => {
  if (current < 0 || !video.getAttribute("src")) return;
  if (renewed) return (byId("broken").hidden = false);
  renewed = true;
  onStale();
});
