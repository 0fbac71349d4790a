// Descriptions as people write them in an API document: paragraphs, lists, code, bold, links. The words come from the
// server's document, yet they are set as text only, and a link leads only to http(s), to a path or to an anchor.

import { el } from "./dom.js";

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)/g;
const SAFE = /^(https?:|[/#])/i;

/** Elements for a description; none for an empty one. */
export function prose(text) {
  if (!text) return [];
  return text.replace(/\r/g, "").trim().split(/(```[\s\S]*?```)/).flatMap((part) => (part.startsWith("```") ? [fenced(part)] : blocks(part)));
}

function fenced(part) {
  return el("pre", { tabindex: "0" }, el("code", {}, part.replace(/^```.*\n?|\n?```$/g, "")));
}

function blocks(part) {
  return part.split(/\n\s*\n/).map((block) => block.trim()).filter(Boolean).map(block);
}

function block(text) {
  const lines = text.split("\n");
  const heading = lines.length === 1 && text.match(/^#{1,6}\s+(.*)/);
  if (heading) return el("h4", {}, inline(heading[1]));
  if (lines.every((line) => /^\s*[-*]\s+/.test(line))) {
    return el("ul", {}, lines.map((line) => el("li", {}, inline(line.replace(/^\s*[-*]\s+/, "")))));
  }
  return el("p", {}, inline(lines.join(" ")));
}

/** One line's worth of text and inline elements. */
export function inline(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    parts.push(text.slice(from, match.index), styled(match));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)].filter((part) => part !== "");
}

function styled([whole, code, bold, label, target]) {
  if (code) return el("code", {}, code);
  if (bold) return el("strong", {}, bold);
  return SAFE.test(target) ? el("a", { href: target }, label) : whole;
}
