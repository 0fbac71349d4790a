// The player's buttons and keys: sound, volume, full screen, statistics.

import { byId } from "./dom.js";

const video = byId("video");
const player = byId("player");

/**
 * Starts the video, with sound if the browser lets a page do that unasked; else muted, with a button that asks the
 * visitor for the tap that browsers want. Once started it does not come back to that: a choice of the visitor's stays.
 */
export async function play() {
  try {
    await video.play();
  } catch (error) {
    if (error.name !== "NotAllowedError") return; // a newer stream took this one's place
    video.muted = true;
    await video.play().catch(() => {});
    byId("sound").textContent = video.paused ? "Tap to play" : "Tap for sound";
    byId("sound").hidden = false;
  }
}

function unmute() {
  video.muted = false;
  if (video.volume === 0) video.volume = 1;
  video.play().catch(() => {});
}

function toggleMute() {
  if (video.muted || video.volume === 0) unmute();
  else video.muted = true;
}

function showSound() {
  const silent = video.muted || video.volume === 0;
  byId("mute").classList.toggle("silent", silent);
  byId("mute-label").textContent = silent ? "Unmute" : "Mute";
  byId("volume").value = String(Math.round(silent ? 0 : video.volume * 100));
  if (!silent) byId("sound").hidden = true;
}

function setVolume() {
  video.volume = byId("volume").valueAsNumber / 100;
  video.muted = video.volume === 0;
}

/** The whole player goes full screen, so that its words stay visible; phones that only let a video do so get that. */
function toggleFullscreen() {
  if (document.fullscreenElement) return document.exitFullscreen();
  if (player.requestFullscreen) return player.requestFullscreen().catch(() => {});
  video.webkitEnterFullscreen?.();
}

function toggleStats() {
  byId("stats").open = !byId("stats").open;
}

const KEYS = { s: toggleStats, m: toggleMute, f: toggleFullscreen };

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const act = KEYS[event.key.toLowerCase()];
  if (!act || event.repeat) return;
  event.preventDefault();
  act();
}

/** Wires the buttons and keys. To be called once. */
export function wireControls() {
  byId("mute").addEventListener("click", toggleMute);
  byId("sound").addEventListener("click", unmute);
  byId("volume").addEventListener("input", setVolume);
  byId("fullscreen").addEventListener("click", toggleFullscreen);
  video.addEventListener("volumechange", showSound);
  document.addEventListener("fullscreenchange", () => {
    byId("fullscreen-label").textContent = document.fullscreenElement ? "Leave full screen" : "Full screen";
  });
  document.addEventListener("keydown", onKey);
}
