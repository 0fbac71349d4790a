// The start page: which room, with which token, and what to type into OBS for it.

import { byId, copyOnClick } from "./dom.js";
import { complaint } from "./room.js";
import { keepToken, onToken, revealOnClick, token } from "./token.js";

const room = byId("room");
const roomHint = byId("room-hint");
const rule = roomHint.textContent;
const tokenField = byId("token");

const server = () => `${location.origin}/api/whip/publish/${room.value}`;

/** Says what is wrong with the name as it is typed; an empty one is no fault before somebody submits it. */
function checkRoom({ emptyToo = false } = {}) {
  const wrong = room.value || emptyToo ? complaint(room.value) : "";
  room.setAttribute("aria-invalid", String(wrong !== ""));
  if (roomHint.textContent !== (wrong || rule)) roomHint.textContent = wrong || rule;
  roomHint.classList.toggle("wrong", wrong !== "");
  showObs();
  return wrong === "";
}

function showObs() {
  const usable = complaint(room.value) === "";
  byId("obs-server").textContent = usable ? server() : "Choose a room name first";
  byId("copy-server").disabled = !usable;
  showObsToken();
}

function showObsToken() {
  const shown = byId("obs-reveal").getAttribute("aria-pressed") === "true";
  byId("obs-token").textContent = shown || !token() ? token() || "None kept here" : "••••••••••••";
  byId("obs-reveal").disabled = byId("copy-token").disabled = !token();
}

byId("room-form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!checkRoom({ emptyToo: true })) return room.focus();
  location.href = `/${event.submitter?.value ?? "watch"}/${room.value}`;
});

room.addEventListener("input", () => checkRoom());
tokenField.addEventListener("input", () => keepToken(tokenField.value));
revealOnClick(byId("token-reveal"), tokenField);

byId("obs-reveal").addEventListener("click", (event) => {
  const hidden = event.target.getAttribute("aria-pressed") === "false";
  event.target.setAttribute("aria-pressed", String(hidden));
  event.target.textContent = hidden ? "Hide" : "Show";
  showObsToken();
});
copyOnClick(byId("copy-server"), server);
copyOnClick(byId("copy-token"), token);

onToken((value) => {
  if (tokenField.value.trim() !== value) tokenField.value = value;
  showObsToken();
});
tokenField.value = token();
checkRoom();
