import { Problem } from "./problem.js";

/** Those that the server takes, in the order in which they are offered to people. */
const NAMES = ["VP8", "VP9", "H264", "AV1", "H265"];

const REPAIR = /^video\/(rtx|red|ulpfec|flexfec-03)$/i;

/** The video codecs that this browser can send, of those that the server takes: of VP8, VP9, H264, AV1, H265. */
export function sendableCodecs(): string[] {
  const able = new Set(capabilities().map(({ mimeType }) => mimeType.toUpperCase()));
  return NAMES.filter((name) => able.has(`VIDEO/${name}`));
}

/**
 * That codec alone with its repair formats: a server that lacks it has to say so and cannot take another. Throws a Problem
 * where this browser lacks it.
 */
export function codecOnly(name: string): RTCRtpCodec[] {
  if (!sendableCodecs().includes(name.toUpperCase())) {
    throw new Problem("codec_missing", { detail: `This browser cannot send ${name}. It can send ${sendableCodecs().join(", ") || "none that the server takes"}.` });
  }
  const wanted = `video/${name}`.toLowerCase();
  return capabilities().filter(({ mimeType }) => mimeType.toLowerCase() === wanted || REPAIR.test(mimeType));
}

function capabilities(): RTCRtpCodec[] {
  return globalThis.RTCRtpSender?.getCapabilities?.("video")?.codecs ?? [];
}
