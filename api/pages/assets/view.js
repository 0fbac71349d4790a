// What publishing and watching have in common on the page: the state, the notice in words, and the token form in it.

import { byId, el } from "./dom.js";
import { asksForToken } from "./problem.js";
import { keepToken, revealOnClick, token } from "./token.js";
import { explain, inSeconds } from "./words.js";

const main = byId("main");
const button = byId("again"); // the publish page has none: there it is Start

export const NAMES = {
  idle: "Ready",
  connecting: "Connecting",
  live: "Live",
  waiting: "Waiting",
  ended: "Ended",
  retrying: "Trying again",
  error: "Stopped",
  loading: "Loading",
};

/** The state that the page shows now. */
export const state = () => main.dataset.state;

/**
 * Shows a state, and under it a notice if there is a title. The label is what NAMES has for it, or the page's own. The status line is what a screen reader
 * speaks, so the same words again change nothing there. askToken opens the token form; offerAgain the button.
 */
export function show(name, { title = "", next = "", askToken = false, offerAgain = false, label = NAMES[name] } = {}) {
  main.dataset.state = name;
  say(label, title && `: ${title}`);
  byId("notice").hidden = !title;
  byId("notice-title").textContent = title;
  byId("notice-next").textContent = next;
  if (button) button.hidden = !offerAgain;
  const form = byId("token-form");
  if (askToken && form.hidden) byId("token").value = token();
  form.hidden = !askToken;
}

/** The eye has the title in the notice, so that here it is for the ear alone. */
function say(name, more) {
  const line = byId("state");
  if (line.textContent !== name + more) line.replaceChildren(name, el("span", { class: "offscreen" }, more));
}

/** Shows a problem. wait is the time in ms until the page tries again by itself; null if it does not. */
export function showProblem(name, problem, wait = null) {
  const { title, next } = explain(problem);
  const stuck = name === "error";
  let then = wait === null ? "" : ` Trying again ${inSeconds(wait)}.`;
  if (stuck && problem.retryAfter) then = ` You can try again ${inSeconds(problem.retryAfter)}.`;
  show(name, { title, next: next + then, askToken: stuck && asksForToken(problem), offerAgain: stuck && !asksForToken(problem) });
  if (stuck && asksForToken(problem)) byId("token").focus();
}

/** Wires the notice: a token given there is kept, then again is called; so it is by the button. */
export function onAgain(again) {
  byId("token-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const given = byId("token").value.trim();
    if (!given) return byId("token").focus();
    keepToken(given);
    again();
  });
  button?.addEventListener("click", again);
  revealOnClick(byId("token-reveal"), byId("token"));
}
