// Every problem in words: what it is, and what to do about it. Codes are the server's, then the browser's own.

const WORDS = {
  token_missing: ["A token is needed here", "Paste the token that you were given. It stays in this browser."],
  token_invalid: ["That token is not accepted", "It may be mistyped, out of date or withdrawn. Paste another one."],
  forbidden: ["This token is not for this", "It is valid, but not for what you want to do in this room. Use another one."],

  room_name_invalid: ["That is not a room name", "Use 1 to 64 letters A–Z and a–z, digits, - and _."],
  room_unknown: ["There is no such room", "Check the spelling: capital and small letters make different rooms."],
  room_busy: ["Somebody else is publishing here", "A room has one publisher at a time. Wait until they stop, or take another room."],
  room_full: ["This room is full", "It takes no more viewers until somebody leaves."],
  server_full: ["The server is full", "It sends to as many people as it can. Try again in a moment."],
  too_many_rooms: ["The server has no room left", "It holds as many rooms as it may. Use one that exists, or ask its operator."],

  no_common_codec: ["No codec in common", "This browser and the server share none for this stream. Try another codec or browser."],
  offer_invalid: ["The server cannot read the offer", "Reload this page. If that does not help, try another browser."],
  offer_unsupported: ["The server cannot serve the offer", "Reload this page. If that does not help, try another browser."],
  body_too_large: ["The offer is too large", "Try another browser, or one without extensions that change calls."],

  rate_limited: ["Too many tries", "The server asks for a pause."],
  shutting_down: ["The server is restarting", "It takes nobody new for a moment."],
  unavailable: ["The server is not ready", "A part that it needs does not answer. Its log says which one."],
  internal: ["The server failed", "This is a fault of the server. Its log has the reason."],
  not_found: ["The server has no such address", "This page and the server may be of two versions. Reload the page."],
  method_not_allowed: ["The server refused the request", "This page and the server may be of two versions. Reload the page."],
  media_type_unsupported: ["The server refused the request", "This page and the server may be of two versions. Reload the page."],
  session_unknown: ["The session is over", "The server has ended it already."],

  recording_unknown: ["There is no such recording", "It may have been deleted, or this token may not see it."],
  recording_empty: ["Nothing came of this recording", "Nothing was received that could be shown."],
  recording_live: ["The recording is still being made", "Stop it first, or wait until its publisher has left."],
  recording_state: ["That cannot be done now", "The recording has come further meanwhile. Look at what it says now."],
  recording_pending: ["There is nothing to play yet", "The recording is being made whole. Try again in a moment."],
  room_idle: ["There is nothing to record", "Nobody publishes in the room. Start to publish first."],
  spool_full: ["There is no space left for recordings", "Recordings wait there for the store. The server's operator has to see why they are not taken."],
  cursor_invalid: ["The list cannot go on", "Reload this page to begin with its first part."],
  link_invalid: ["This link has run out", "Load the page again that it is from."],
  range_invalid: ["The file has no such part", "Reload this page."],
  file_changed: ["The file is another one by now", "Reload this page."],
  request_invalid: ["The server cannot read the request", "The address of this page may be mistyped. Clear the filters, or reload the page."],

  server_away: ["The server does not answer", "It may be restarting, or this device may be offline."],
  network_lost: ["The connection was lost", "The network between here and the server does not carry the stream any more."],
  media_blocked: ["No media gets through", "The server answers, but its media port does not. A firewall may block it."],
  nobody: ["Nobody is publishing here yet", "The picture starts by itself as soon as somebody does."],
  silent: ["Nothing comes from the publisher", "The picture goes on by itself when it does."],
  answer_invalid: ["The answer is not this server's", "Something between here and the server may answer in its place. Reload the page."],
  server_invalid: ["That is no server", "Reload this page from the server's own address."],
  token_in_url: ["A token does not belong into an address", "Addresses end up in logs and histories. Paste the token where it is asked for."],
  token_malformed: ["That is no token", "It has spaces or letters that no token has. Copy it again."],
  stream_invalid: ["That cannot be published", "Choose one picture, one sound, or one of each."],
  closed: ["The server ended this session", "An operator may have ended it, or somebody took the room over."],

  camera_denied: ["Camera or microphone is not allowed", "Allow it in the browser's settings for this site, then press Start."],
  screen_denied: ["No screen was shared", "Pick a screen, window or tab in the browser's dialog, or choose a camera."],
  screen_missing: ["This browser cannot share a screen", "Phones mostly cannot. Choose a camera, or publish from a computer."],
  device_missing: ["Camera or microphone not found", "Plug it in, or choose another one, or none."],
  device_busy: ["Camera or microphone is in use", "Another program may hold it. Close that program, or choose another device."],
  nothing_chosen: ["Nothing to publish", "Choose a camera, a screen or a microphone."],
  insecure_context: ["This address is not secure", "Browsers give cameras only to https pages and to localhost. Open this page by https."],
  codec_missing: ["This browser cannot send that codec", "Choose another codec, or Automatic."],
  webrtc_missing: ["This browser has no WebRTC", "Use a current browser in which it is not turned off."],
};

/** The words for a problem: {title, next}. A code that is not known here is told in the server's own words. */
export function explain(problem) {
  const known = Object.hasOwn(WORDS, problem.code) && WORDS[problem.code]; // codes are the server's words
  const [title, next] = known || ["Something went wrong", problem.detail || `The server said “${problem.code}”.`];
  return { title, next };
}

/** "in 4 s", for saying when the next try comes. */
export function inSeconds(ms) {
  return `in ${Math.max(1, Math.round(ms / 1000))}\u00a0s`;
}
