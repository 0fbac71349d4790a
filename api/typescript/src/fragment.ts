import { invalid } from "./exchange.js";

/** What is new to say about one side's ICE. */
export interface News {
  candidates: RTCIceCandidate[];
  /** There will be no more candidates of these credentials. */
  complete: boolean;
}

/**
 * Writes a trickle ICE SDP fragment (RFC 8840 §9): the credentials of that description, and for each of its media that
 * has candidates a section with them. Without any, the first section stands there empty.
 */
export function fragmentOf(sdp: string, { candidates, complete }: News): string {
  const [session = [], ...media] = sections(sdp);
  const lines = ["ice-options", "ice-ufrag", "ice-pwd"].flatMap((name) => {
    const said = value([...session, ...(media[0] ?? [])], name);
    return said ? [`a=${name}:${said}`] : [];
  });
  for (const [index, section] of media.entries()) {
    const mid = value(section, "mid") ?? String(index);
    const own = candidates.filter(({ sdpMid, sdpMLineIndex }) => (sdpMid === null ? sdpMLineIndex === index : sdpMid === mid));
    if (own.length === 0 && index > 0) continue;
    lines.push(section[0]!, `a=mid:${mid}`, ...own.map(({ candidate }) => `a=${candidate}`), ...(complete ? ["a=end-of-candidates"] : []));
  }
  return `${lines.join("\r\n")}\r\n`;
}

/** The ICE user name of a description, by which candidates tell which credentials they belong to. */
export function ufragOf(sdp: string): string {
  return value(sdp.split(/\r?\n/), "ice-ufrag") ?? "";
}

/**
 * The answer as it stands after an ICE restart (RFC 9725 §4.3.3): with the credentials and candidates of the server's
 * fragment in place of its own. Throws a Problem for a fragment without credentials.
 */
export function restarted(answer: string, fragment: string): string {
  const news = fragment.split(/\r?\n/);
  const [ufrag, pwd] = [value(news, "ice-ufrag"), value(news, "ice-pwd")];
  if (!ufrag || !pwd) throw invalid("The server answered an ICE restart without credentials.");
  const candidates = news.filter((line) => /^a=(candidate:|end-of-candidates)/.test(line));
  const [session = [], ...media] = sections(answer).map((section) =>
    section
      .filter((line) => !/^a=(candidate:|end-of-candidates)/.test(line))
      .map((line) => line.replace(/^a=ice-ufrag:.*/, `a=ice-ufrag:${ufrag}`).replace(/^a=ice-pwd:.*/, `a=ice-pwd:${pwd}`)),
  );
  media[0]?.push(...candidates);
  return `${[session, ...media].flat().join("\r\n")}\r\n`;
}

/** A description as its session part and its media sections, each as lines. */
function sections(sdp: string): string[][] {
  const lines = sdp.split(/\r?\n/).filter(Boolean);
  const starts = [0, ...lines.flatMap((line, at) => (line.startsWith("m=") ? [at] : []))];
  return starts.map((start, n) => lines.slice(start, starts[n + 1]));
}

function value(lines: string[], name: string): string | undefined {
  return lines.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3);
}
