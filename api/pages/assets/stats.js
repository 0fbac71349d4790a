// What a connection is doing, out of getStats: one reading a second, rates from the difference to the one before.

/** Reads one RTCPeerConnection. It holds nothing but the last reading, and needs no end. */
export class Meter {
  #before = null;

  constructor(pc) {
    this.pc = pc;
  }

  /** The present figures; what is not known (yet) is null. bitrate is in bit/s, times in ms, loss in percent. */
  async read() {
    const now = digest(await this.pc.getStats());
    const before = this.#before ?? now;
    this.#before = now;
    const seconds = (now.at - before.at) / 1000;
    const expected = now.received + now.lost - before.received - before.lost;
    return {
      ...now,
      bitrate: seconds > 0 ? Math.max(0, ((now.bytes - before.bytes) * 8) / seconds) : null,
      loss: expected > 0 ? Math.max(0, (100 * (now.lost - before.lost)) / expected) : null,
    };
  }
}

function digest(report) {
  const all = [...report.values()];
  const media = all.filter((entry) => entry.type === "inbound-rtp" || entry.type === "outbound-rtp");
  const video = media.find((entry) => entry.kind === "video") ?? {};
  const audio = media.find((entry) => entry.kind === "audio") ?? {};
  return {
    at: all[0]?.timestamp ?? 0,
    bytes: sum(media, "bytesReceived") + sum(media, "bytesSent"),
    received: sum(media, "packetsReceived"),
    lost: sum(media, "packetsLost"),
    videoCodec: codecOf(report, video),
    audioCodec: codecOf(report, audio),
    width: video.frameWidth ?? null,
    height: video.frameHeight ?? null,
    fps: video.framesPerSecond ?? null,
    jitter: ms(video.jitter ?? audio.jitter),
    roundTrip: ms(pairOf(report, all)?.currentRoundTripTime),
    decoded: video.framesDecoded ?? null,
    dropped: video.framesDropped ?? null,
    limitedBy: video.qualityLimitationReason ?? null,
  };
}

function sum(entries, key) {
  return entries.reduce((total, entry) => total + (entry[key] ?? 0), 0);
}

/** The short name of a stream's codec; null before anything was coded, and for an answered stream without media. */
function codecOf(report, stream) {
  const packets = (stream.packetsReceived ?? 0) + (stream.packetsSent ?? 0);
  return packets > 0 ? (report.get(stream.codecId)?.mimeType.split("/")[1] ?? null) : null;
}

/** The candidate pair in use. Firefox has no transport entry and marks the pair itself. */
function pairOf(report, all) {
  const transport = all.find((entry) => entry.type === "transport" && entry.selectedCandidatePairId);
  if (transport) return report.get(transport.selectedCandidatePairId);
  return all.find((entry) => entry.type === "candidate-pair" && entry.nominated && entry.state === "succeeded");
}

function ms(seconds) {
  return seconds == null ? null : seconds * 1000;
}

/** Figures as people read them. Each gives null for null, which leaves its row out. */
export const inWords = {
  bitrate: (bits) => (bits == null ? null : bits < 1e6 ? `${Math.round(bits / 1000)} kbit/s` : `${(bits / 1e6).toFixed(2)} Mbit/s`),
  size: ({ width, height }) => (width ? `${width} × ${height}` : null),
  fps: (fps) => (fps == null ? null : `${Math.round(fps)}`),
  ms: (value) => (value == null ? null : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`),
  percent: (value) => (value == null ? null : `${value.toFixed(1)} %`),
  codecs: ({ videoCodec, audioCodec }) => [videoCodec, audioCodec].filter(Boolean).join(", ") || null,
  elapsed: (milliseconds) => {
    const [s, m, h] = [1000, 60_000, 3_600_000].map((unit) => Math.floor(milliseconds / unit));
    const two = (value) => String(value % 60).padStart(2, "0");
    return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  },
};
