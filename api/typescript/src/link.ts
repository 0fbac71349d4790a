/** The most STUN and TURN servers that are taken from one answer: browsers slow down with a handful already. */
const MOST = 16;

/** The most that is read of the Link fields together, in characters: a search for links takes the square of it at worst. */
const LONGEST = 8192;

/** One link: its target, then its parameters as they stand (RFC 8288 §3). */
const LINK = /<([^>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/g;
const PARAMETER = /;\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))/g;

/**
 * The ICE servers that the Link fields of a 201 name (RFC 9725 §4.6). Links of other kinds, of unknown schemes, and to
 * TURN servers without credentials are left out: a browser would refuse the whole list for one of them.
 */
export function iceServersOf(header: string | null): RTCIceServer[] {
  const servers = [...(header ?? "").slice(0, LONGEST).matchAll(LINK)].map(([, url = "", rest = ""]) => server(url, parameters(rest)));
  return servers.filter((found) => found !== null).slice(0, MOST);
}

function parameters(text: string): Map<string, string> {
  return new Map([...text.matchAll(PARAMETER)].map(([, name = "", quoted, bare]) => [name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? bare ?? ""]));
}

function server(urls: string, given: Map<string, string>): RTCIceServer | null {
  if (given.get("rel")?.toLowerCase() !== "ice-server") return null;
  if (/^stuns?:/i.test(urls)) return { urls };
  const [username, credential] = [given.get("username"), given.get("credential")];
  return /^turns?:/i.test(urls) && username && credential ? { urls, username, credential } : null;
}
