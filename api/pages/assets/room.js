// What a room may be called. The server holds the same pattern.

const PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
const LONGEST = 64;

/** The room that this page's address names. The server has checked it already: another name gets no such page. */
export function roomOfPage() {
  return decodeURIComponent(location.pathname.split("/")[2]);
}

/** What is wrong with a room name, in words; "" if nothing is. */
export function complaint(name) {
  if (PATTERN.test(name)) return "";
  if (name === "") return "Type a name for the room.";
  const strange = [...name].find((letter) => !PATTERN.test(letter));
  if (strange === " ") return "A room name has no spaces. Use - or _ instead.";
  if (strange) return `“${strange}” cannot be in a room name. Use letters A–Z and a–z, digits, - and _.`;
  return `That is ${name.length} characters; a room name has at most ${LONGEST}.`;
}
