/*! The client of Rostrum for browsers: its API, typed, and WHIP and WHEP on top of it.
 *  Generated from api/typescript by "make api": change it there. It contains openapi-fetch (MIT licence). */
/* @ts-self-types="./rostrum.d.ts" */

// src/problem.ts
var PASSING = /* @__PURE__ */ new Set(["server_away", "network_lost", "media_blocked", "closed", "nobody", "silent"]);
var DETAILS = {
  server_away: "The server does not answer. Try again when it is up, or when this device is online.",
  network_lost: "The network between here and the server does not carry the stream any more.",
  media_blocked: "The server answers, but no media gets through. A firewall may block its media port.",
  closed: "The server has ended the session.",
  nobody: "Nobody is publishing in the room.",
  silent: "The publisher sends nothing at the moment.",
  webrtc_missing: "This browser has no WebRTC, or it is turned off."
};
var Problem = class extends Error {
  name = "Problem";
  /** What went wrong, for programs. */
  code;
  /** The HTTP status; 0 where the server did not say it. */
  status;
  /** What went wrong and what to do next, for people. It never holds a token. */
  detail;
  /** Whether the same may succeed later. */
  retryable;
  /** Milliseconds to wait at least before trying again, as the server asks (RFC 9110 §10.2.3); null if it does not. */
  retryAfter;
  constructor(code, fields = {}) {
    const detail = fields.detail ?? DETAILS[code] ?? "";
    super(detail || code, { cause: fields.cause });
    this.code = code;
    this.status = fields.status ?? 0;
    this.detail = detail;
    this.retryable = fields.retryable ?? PASSING.has(code);
    this.retryAfter = fields.retryAfter ?? null;
  }
};
var LONGEST_DETAIL = 2e3;
var PASSING_STATUS = /* @__PURE__ */ new Set([408, 429, 502, 503, 504]);
var CODES = {
  401: "token_missing",
  403: "forbidden",
  404: "not_found",
  405: "method_not_allowed",
  413: "body_too_large",
  415: "media_type_unsupported",
  429: "rate_limited",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable"
};
function problemOf(response, text) {
  const { status } = response;
  const body = objectOf(text);
  const code = typeof body["code"] === "string" ? body["code"] : CODES[status] ?? "answer_invalid";
  return new Problem(code, {
    status,
    detail: typeof body["detail"] === "string" ? body["detail"].slice(0, LONGEST_DETAIL) : `The server answered ${status} and did not say why.`,
    retryable: typeof body["retryable"] === "boolean" ? body["retryable"] : PASSING_STATUS.has(status),
    retryAfter: waitOf(response.headers.get("Retry-After"))
  });
}
function objectOf(text) {
  try {
    const value2 = JSON.parse(text);
    return typeof value2 === "object" && value2 !== null ? { ...value2 } : {};
  } catch {
    return {};
  }
}
function waitOf(header) {
  if (!header) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1e3 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

// src/codecs.ts
var NAMES = ["VP8", "VP9", "H264", "AV1", "H265"];
var REPAIR = /^video\/(rtx|red|ulpfec|flexfec-03)$/i;
function sendableCodecs() {
  const able = new Set(capabilities().map(({ mimeType }) => mimeType.toUpperCase()));
  return NAMES.filter((name) => able.has(`VIDEO/${name}`));
}
function codecOnly(name) {
  if (!sendableCodecs().includes(name.toUpperCase())) {
    throw new Problem("codec_missing", { detail: `This browser cannot send ${name}. It can send ${sendableCodecs().join(", ") || "none that the server takes"}.` });
  }
  const wanted = `video/${name}`.toLowerCase();
  return capabilities().filter(({ mimeType }) => mimeType.toLowerCase() === wanted || REPAIR.test(mimeType));
}
function capabilities() {
  return globalThis.RTCRtpSender?.getCapabilities?.("video")?.codecs ?? [];
}

// src/events.ts
var StateEvent = class extends Event {
  /** Why: null for `connecting` and `live`, and for `closed` by `stop()`. */
  why;
  /** Milliseconds until the next session is tried; null where none is planned, as while the present one is mended. */
  wait;
  constructor(state, why, wait) {
    super(state);
    this.why = why;
    this.wait = wait;
  }
};
var Emitter = class extends EventTarget {
  /** Calls listener at each event of that type until the signal among the options aborts. Returns this. */
  on(type, listener, options) {
    this.addEventListener(type, listener, options);
    return this;
  }
};

// src/backoff.ts
var FIRST = 500;
var LONGEST = 15e3;
var HOUR = 36e5;
function backoff(failures, retryAfter) {
  if (retryAfter !== null) return Math.min(HOUR, Math.max(FIRST, retryAfter)) * (1 + Math.random() / 4);
  return spread(Math.min(LONGEST, FIRST * 2 ** failures));
}
function spread(ms) {
  return ms * (0.75 + Math.random() / 2);
}
function pause(ms, signal, cutShort) {
  return new Promise((resolve) => {
    const over = new AbortController();
    const done = () => {
      over.abort();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (cutShort) addEventListener("online", done, { signal: over.signal });
    signal.addEventListener("abort", done, { signal: over.signal });
    if (signal.aborted) done();
  });
}

// src/exchange.ts
var LONGEST2 = 16 << 20;
var MEDIA = /^\/api\/recordings\/[^/]+\/media$/;
var EVENTS = /^\/api\/whep\/sessions\/[^/]+\/events\/[^/]+$/;
var STREAMED = /^(video|audio)\/|^text\/event-stream$/;
var TEXTS = /^application\/(json|[\w.-]+\+json|yaml|sdp|trickle-ice-sdpfrag)$|^text\/plain$/;
var SECRETS = /^(access_?token|auth|authorization|bearer|jwt|token)$/i;
function exchange(terms) {
  return async (request) => {
    checkAddress(request, terms);
    const over = new AbortController();
    let late = tokenLate;
    const timer = setTimeout(() => over.abort(late(terms.timeout)), terms.timeout);
    const signal = AbortSignal.any([request.signal, over.signal]);
    try {
      authorize(request, await unlessAborted(signal, terms.token));
      late = answerLate;
      return await send(request, signal, terms);
    } finally {
      clearTimeout(timer);
    }
  };
}
async function send(request, signal, { origin }) {
  try {
    const media = MEDIA.test(new URL(request.url).pathname);
    const response = await fetch(request, { signal, redirect: media ? "manual" : request.redirect });
    if (response.type === "opaqueredirect" || new URL(response.url).origin !== origin) throw invalid(media ? ELSEWHERE : "A redirect led to another origin. Use the address of the server itself.");
    return await readWhole(request, response);
  } catch (error) {
    if (error instanceof Problem || request.signal.aborted) throw error;
    throw new Problem("server_away", { cause: error, detail: away(origin) });
  }
}
async function unlessAborted(signal, get) {
  signal.throwIfAborted();
  const done = new AbortController();
  try {
    const aborted = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { signal: done.signal }));
    return await Promise.race([get(), aborted]);
  } finally {
    done.abort();
  }
}
function checkAddress(request, { origin }) {
  const url = new URL(request.url);
  if (url.origin !== origin) throw new Problem("server_invalid", { detail: "The request is for another origin than the client's server." });
  if ([...url.searchParams.keys()].some((name) => SECRETS.test(name))) throw tokenInURL();
}
function authorize(request, bearer) {
  if (/[^\x21-\x7e]/.test(bearer)) {
    throw new Problem("token_malformed", { detail: "The token has spaces, line ends or letters that no token has. Copy it again." });
  }
  if (bearer) request.headers.set("Authorization", `Bearer ${bearer}`);
}
function tokenInURL() {
  return new Problem("token_in_url", {
    detail: "A token in an address ends up in logs, histories and the Referer of other sites. Give it as the option token: it then goes into the Authorization header alone."
  });
}
async function readWhole({ method, url }, response) {
  const type = (response.headers.get("Content-Type") ?? "").split(";", 1)[0].trim().toLowerCase();
  const { pathname } = new URL(url);
  if (response.ok && method === "GET" && (MEDIA.test(pathname) || EVENTS.test(pathname)) && STREAMED.test(type)) return response;
  const text = await textOf(response);
  if (!response.ok) throw problemOf(response, text);
  if (text && !TEXTS.test(type)) throw invalid(`The server answered with ${type || "no content type"}, which is not what its contract says. Something else may be at this address.`);
  if (type.endsWith("json") && text && !readable(text)) throw invalid("The server's answer is no JSON.");
  return new Response(text || null, { status: response.status, headers: response.headers });
}
async function textOf({ body }) {
  if (!body) return "";
  const [reader, decoder] = [body.getReader(), new TextDecoder()];
  let text = "";
  for (let bytes = 0; ; ) {
    const { done, value: value2 } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value2.length;
    if (bytes > LONGEST2) {
      await reader.cancel();
      throw invalid(`The server's answer is longer than ${LONGEST2 >> 20} MiB.`);
    }
    text += decoder.decode(value2, { stream: true });
  }
}
function readable(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
function invalid(detail, cause) {
  return new Problem("answer_invalid", { detail, cause });
}
var answerLate = (ms) => new Problem("server_away", { detail: `The server has not answered within ${ms / 1e3} s. Try again.` });
var tokenLate = (ms) => new Problem("server_away", { detail: `The token option gave no token within ${ms / 1e3} s, so the server was not asked. Look at what it waits for, or try again.` });
var ELSEWHERE = "This recording is in a store at another origin, where the token is not sent. Ask rostrum.playLinks(recording) for links that play without one, and use such a link as the src of a video element.";
var away = (origin) => origin === globalThis.location?.origin ? `${origin} cannot be reached. Try again when it is up, or when this device is online.` : `${origin} cannot be reached, or it does not let pages of other origins in: its http.cors_origins must name the origin of this page.`;

// src/fragment.ts
function fragmentOf(sdp, { candidates, complete }) {
  const [session = [], ...media] = sections(sdp);
  const lines = ["ice-options", "ice-ufrag", "ice-pwd"].flatMap((name) => {
    const said = value([...session, ...media[0] ?? []], name);
    return said ? [`a=${name}:${said}`] : [];
  });
  for (const [index, section] of media.entries()) {
    const mid = value(section, "mid") ?? String(index);
    const own = candidates.filter(({ sdpMid, sdpMLineIndex }) => sdpMid === null ? sdpMLineIndex === index : sdpMid === mid);
    if (own.length === 0 && index > 0) continue;
    lines.push(section[0], `a=mid:${mid}`, ...own.map(({ candidate }) => `a=${candidate}`), ...complete ? ["a=end-of-candidates"] : []);
  }
  return `${lines.join("\r\n")}\r
`;
}
function ufragOf(sdp) {
  return value(sdp.split(/\r?\n/), "ice-ufrag") ?? "";
}
function restarted(answer, fragment) {
  const news = fragment.split(/\r?\n/);
  const [ufrag, pwd] = [value(news, "ice-ufrag"), value(news, "ice-pwd")];
  if (!ufrag || !pwd) throw invalid("The server answered an ICE restart without credentials.");
  const candidates = news.filter((line) => /^a=(candidate:|end-of-candidates)/.test(line));
  const [session = [], ...media] = sections(answer).map(
    (section) => section.filter((line) => !/^a=(candidate:|end-of-candidates)/.test(line)).map((line) => line.replace(/^a=ice-ufrag:.*/, `a=ice-ufrag:${ufrag}`).replace(/^a=ice-pwd:.*/, `a=ice-pwd:${pwd}`))
  );
  media[0]?.push(...candidates);
  return `${[session, ...media].flat().join("\r\n")}\r
`;
}
function sections(sdp) {
  const lines = sdp.split(/\r?\n/).filter(Boolean);
  const starts = [0, ...lines.flatMap((line, at) => line.startsWith("m=") ? [at] : [])];
  return starts.map((start, n) => lines.slice(start, starts[n + 1]));
}
function value(lines, name) {
  return lines.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3);
}

// src/link.ts
var MOST = 16;
var LONGEST3 = 8192;
var LINK = /<([^>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/g;
var PARAMETER = /;\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))/g;
function iceServersOf(header) {
  const servers = [...(header ?? "").slice(0, LONGEST3).matchAll(LINK)].map(([, url = "", rest = ""]) => server(url, parameters(rest)));
  return servers.filter((found) => found !== null).slice(0, MOST);
}
function parameters(text) {
  return new Map([...text.matchAll(PARAMETER)].map(([, name = "", quoted, bare]) => [name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? bare ?? ""]));
}
function server(urls, given) {
  if (given.get("rel")?.toLowerCase() !== "ice-server") return null;
  if (/^stuns?:/i.test(urls)) return { urls };
  const [username, credential] = [given.get("username"), given.get("credential")];
  return /^turns?:/i.test(urls) && username && credential ? { urls, username, credential } : null;
}

// src/signalling.ts
var WHIP = { endpoint: "/api/whip/publish/{room}", sessions: "/api/whip/sessions/{session}" };
var WHEP = { endpoint: "/api/whep/play/{room}", sessions: "/api/whep/sessions/{session}" };
var LONGEST_SDP = 256 << 10;
var ROOM = /^[A-Za-z0-9_-]{1,64}$/;
function checkRoom(room) {
  if (!ROOM.test(room)) throw new Problem("room_name_invalid", { detail: "A room name has 1 to 64 letters A-Z and a-z, digits, - and _." });
}
async function begin(rostrum, protocol, room, offer) {
  const { data, response } = await rostrum.api.POST(protocol.endpoint, {
    params: { path: { room } },
    headers: { "Content-Type": "application/sdp" },
    body: offer,
    bodySerializer: plain,
    parseAs: "text"
  });
  const session = sessionOf(response.headers.get("Location"), rostrum.server, protocol);
  const resource = new Resource(rostrum, protocol, session, response.headers.get("ETag"));
  const answer = String(data ?? "");
  if (response.status !== 201 || !answer.startsWith("v=0") || answer.length > LONGEST_SDP) {
    void resource.end();
    throw invalid("The server accepted the offer, and its answer is no SDP. Something else than Rostrum may be at this address.");
  }
  return { answer, iceServers: iceServersOf(response.headers.get("Link")), resource };
}
function sessionOf(location, server2, { sessions }) {
  const base = `${server2}${sessions.replace("{session}", "")}`;
  const url = location && URL.canParse(location, server2) ? new URL(location, server2).href : "";
  const id = url.startsWith(base) ? url.slice(base.length) : "";
  if (!/^[\w-]+$/.test(id)) throw invalid("The server accepted the offer, and names no session of its own. The token is not sent anywhere else.");
  return id;
}
var Resource = class {
  #rostrum;
  #sessions;
  #path;
  #tag;
  constructor(rostrum, { sessions }, session, tag) {
    this.#rostrum = rostrum;
    this.#sessions = sessions;
    this.#path = { session };
    this.#tag = tag;
  }
  /** Whether the server can be told anything of ICE: one that gives no ETag takes no PATCH (RFC 9725 §4.3.1). */
  get patchable() {
    return this.#tag !== null;
  }
  /** Tells the server of candidates (RFC 9725 §4.3.2). */
  async trickle(fragment) {
    await this.#patch(fragment, this.#tag ?? "*");
  }
  /** Restarts ICE, whichever session it is in by now, and returns the server's fragment (RFC 9725 §4.3.3). */
  async restart(fragment) {
    const { data, response } = await this.#patch(fragment, "*");
    if (response.status !== 200) throw invalid("The server took an ICE restart for something else.");
    this.#tag = response.headers.get("ETag");
    return String(data ?? "");
  }
  /** Ends the session (RFC 9725 §4.2). It outlives the page, and never rejects: what cannot be ended ends by itself. */
  async end() {
    await this.#rostrum.api.DELETE(this.#sessions, { params: { path: this.#path }, parseAs: "text", keepalive: true }).catch(() => {
    });
  }
  #patch(fragment, tag) {
    return this.#rostrum.api.PATCH(this.#sessions, {
      params: { path: this.#path, header: { "If-Match": tag } },
      headers: { "Content-Type": "application/trickle-ice-sdpfrag" },
      body: fragment,
      bodySerializer: plain,
      parseAs: "text"
    });
  }
};
var plain = (text) => text;

// src/trickle.ts
var COLLECT = 20;
var MOST2 = 100;
var Trickle = class {
  #pc;
  #resource;
  #gone;
  #candidates = [];
  #complete = false;
  #timer;
  #sending = Promise.resolve();
  #stopped = false;
  /** gone is called when the server says that the session is over. To be made before candidates are gathered. */
  constructor(pc, resource, gone) {
    this.#pc = pc;
    this.#resource = resource;
    this.#gone = gone;
    this.#stopped = !resource.patchable;
    pc.addEventListener("icecandidate", ({ candidate }) => this.#take(candidate));
  }
  /** Sends nothing more. */
  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
  /** Runs a restart of ICE between two PATCHes: what is not sent yet belongs to the credentials before. */
  async restarting(restart) {
    const before = this.#sending;
    [this.#candidates, this.#complete] = [[], false];
    const done = before.then(restart);
    this.#sending = done.catch(() => {
    });
    return done;
  }
  #take(candidate) {
    if (this.#stopped || candidate?.candidate === "") return;
    if (!candidate) this.#complete = true;
    else if (this.#candidates.length < MOST2) this.#candidates.push(candidate);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#sending = this.#sending.then(() => this.#send()), COLLECT);
  }
  async #send() {
    const sdp = this.#pc.localDescription?.sdp ?? "";
    const ufrag = ufragOf(sdp);
    const candidates = this.#candidates.filter(({ usernameFragment }) => !usernameFragment || usernameFragment === ufrag);
    const complete = this.#complete;
    [this.#candidates, this.#complete] = [[], false];
    if (this.#stopped || candidates.length === 0 && !complete) return;
    try {
      await this.#resource.trickle(fragmentOf(sdp, { candidates, complete }));
    } catch (problem) {
      if (!(problem instanceof Problem)) return reportError(problem);
      if (problem.status === 404 || problem.status === 410) this.#gone(problem);
      if (!problem.retryable) this.stop();
    }
  }
};

// src/session.ts
var CONNECTING = 12e3;
var UNSTEADY = 2e3;
var RESTARTING = 6e3;
var Session = class {
  pc;
  /** Resolves with why the session ended. It never rejects. */
  over;
  #watcher;
  #begun = Promise.resolve();
  #resource = null;
  #trickle = null;
  #closed = false;
  #connected = false;
  #restarting = null;
  #rescuing = false;
  #timer;
  #finish;
  /** Throws a Problem where there is no WebRTC. */
  constructor(watcher, configuration) {
    if (!globalThis.RTCPeerConnection) throw new Problem("webrtc_missing");
    this.#watcher = watcher;
    this.over = new Promise((resolve) => this.#finish = resolve);
    this.pc = new RTCPeerConnection({ bundlePolicy: "max-bundle", ...configuration });
  }
  /**
   * Offers what the connection has to the server, once. Resolves when the server has accepted; media does not flow yet
   * then. Rejects with a Problem, after which the session is to be closed. Candidates are gathered when the answer is
   * there, since it names the servers to gather them with (RFC 9725 §4.6), and follow by trickle.
   */
  async open(rostrum, protocol, room) {
    const offer = await this.pc.createOffer();
    if (this.#closed) throw new Problem("closed");
    const begun = begin(rostrum, protocol, room, offer.sdp ?? "");
    this.#begun = begun.then(({ resource: resource2 }) => void (this.#resource = resource2), () => {
    });
    const { answer, iceServers, resource } = await begun;
    if (this.#closed) throw new Problem("closed");
    const own = this.pc.getConfiguration();
    if (iceServers.length > 0) this.pc.setConfiguration({ ...own, iceServers: [...own.iceServers ?? [], ...iceServers] });
    this.#trickle = new Trickle(this.pc, resource, () => this.lose("closed"));
    await this.pc.setLocalDescription(offer);
    await this.#take(answer);
    if (this.#closed) throw new Problem("closed");
    this.#watch();
  }
  /** Restarts ICE, for a network that has changed (RFC 9725 §4.3.3): DTLS and media stay. Calls while one is on its way join it. */
  restart() {
    this.#restarting ??= this.#restart().finally(() => this.#restarting = null);
    return this.#restarting;
  }
  /** Gives the session up: over resolves. It is still to be closed. */
  lose(code) {
    clearTimeout(this.#timer);
    if (code === "closed") this.#resource = null;
    this.#finish(new Problem(code));
  }
  /**
   * Ends the session here at once and, as far as it can be reached, at the server: an offer that is on its way is waited
   * for, since its answer names what to DELETE. It may be called at any time, also as the page goes.
   */
  async close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#trickle?.stop();
    this.pc.close();
    this.#finish(new Problem("closed"));
    await this.#begun;
    const resource = this.#resource;
    this.#resource = null;
    await resource?.end();
  }
  async #restart() {
    const [resource, trickle] = [this.#resource, this.#trickle];
    if (!resource?.patchable || !trickle || this.pc.signalingState !== "stable") return;
    await trickle.restarting(async () => {
      if (this.#closed) return;
      const answer = this.pc.currentRemoteDescription?.sdp ?? "";
      await this.pc.setLocalDescription(await this.pc.createOffer({ iceRestart: true }));
      try {
        const sdp = this.pc.localDescription?.sdp ?? "";
        await this.#take(restarted(answer, await resource.restart(fragmentOf(sdp, { candidates: [], complete: false }))));
      } catch (error) {
        if (this.pc.signalingState === "have-local-offer") await this.pc.setLocalDescription({ type: "rollback" });
        throw error;
      }
    });
  }
  async #take(sdp) {
    try {
      await this.pc.setRemoteDescription({ type: "answer", sdp });
    } catch (error) {
      throw this.#closed ? new Problem("closed") : invalid("This browser cannot take the server's answer.", error);
    }
  }
  /** A server that ends a session closes DTLS, which shows on the transports at once; the connection's state lags. */
  #watch() {
    const check = () => this.#judge();
    this.pc.addEventListener("connectionstatechange", check);
    for (const transport of this.#transports()) transport.addEventListener("statechange", check);
    this.#giveUpAfter(CONNECTING, "media_blocked");
    check();
  }
  #judge() {
    if (this.#closed) return;
    if (this.#transports().some(({ state }) => state === "closed")) return this.lose("closed");
    switch (this.pc.connectionState) {
      case "connected":
        clearTimeout(this.#timer);
        [this.#connected, this.#rescuing] = [true, false];
        return this.#watcher.connected();
      case "disconnected":
        if (this.#rescuing) return;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#rescue(), UNSTEADY);
        return;
      case "failed":
        return this.#connected ? this.#rescue() : this.lose("media_blocked");
    }
  }
  /**
   * Restarts ICE, and gives the session up if that cannot be done or does not help: a server that does not know it any more
   * has lost it, in a restart of its own or while this device was asleep. A restart that somebody else has asked for is
   * joined, so that its failure is noticed too; but not where the old path carries it again by then.
   */
  #rescue() {
    if (this.#closed || this.#rescuing) return;
    this.#rescuing = true;
    this.#giveUpAfter(RESTARTING, "network_lost");
    this.#watcher.unsteady(new Problem("network_lost"));
    this.restart().catch(() => this.#rescuing && this.lose("network_lost"));
  }
  #giveUpAfter(ms, code) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.lose(code), ms);
  }
  #transports() {
    const ends = [...this.pc.getReceivers(), ...this.pc.getSenders()];
    return [...new Set(ends.flatMap(({ transport }) => transport ? [transport] : []))];
  }
};

// src/participant.ts
var Participant = class extends Emitter {
  /** The room's name. */
  room;
  rostrum;
  /** Whether it has ever been live. */
  wasLive = false;
  session = null;
  #protocol;
  #rtc;
  #stopped = new AbortController();
  #failures = 0;
  #state = null;
  #started = null;
  #dropped = Promise.resolve();
  constructor(rostrum, protocol, room, { rtc = {} }) {
    super();
    checkRoom(room);
    this.rostrum = rostrum;
    this.room = room;
    this.#protocol = protocol;
    this.#rtc = rtc;
  }
  /** Where it stands; null before `start()`. */
  get state() {
    return this.#state;
  }
  /** The connection in use, for statistics and the like; null between two. It is another one after a reconnect. */
  get pc() {
    return this.session?.pc ?? null;
  }
  /**
   * Enters the room and stays. Resolves when it is live for the first time; rejects with the {@link Problem} that closed
   * it before that, which is `closed` for `stop()`, also for one before. Called again it returns the same promise.
   */
  start() {
    return this.#started ??= new Promise((resolve, reject) => {
      if (this.#stopped.signal.aborted) return reject(new Problem("closed"));
      this.addEventListener("live", () => resolve(), { once: true });
      this.addEventListener("closed", (event) => reject(event.why ?? new Problem("closed")), { once: true });
      addEventListener("pagehide", () => void this.stop(), { signal: this.#stopped.signal });
      this.tell("connecting");
      void this.#stay();
    });
  }
  /**
   * Leaves the room: the session is ended here at once and at the server by a DELETE, whose answer is waited for, whoever
   * calls it and however often. Never rejects.
   */
  async stop() {
    if (!this.#stopped.signal.aborted) {
      this.#stopped.abort();
      this.tell("closed");
    }
    await this.#drop();
  }
  /**
   * Restarts ICE now, for who knows that the network has changed; a network that fails is noticed without. Resolves when
   * the server has agreed, at once where there is no session, and rejects with a {@link Problem}; media goes on either way.
   */
  async restartIce() {
    await this.session?.restart();
  }
  /** Enters a state, and tells of it unless it is the present one for the same reason. */
  tell(state, why = null, wait = null) {
    if (state === "live") [this.wasLive, this.#failures] = [true, 0];
    if (state === this.#state && !why) return;
    this.#state = state;
    this.dispatchEvent(new StateEvent(state, why, wait));
  }
  async #stay() {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const ended = await this.#attend();
      void this.#drop();
      if (signal.aborted) return;
      const { state, why, wait = backoff(this.#failures++, why.retryAfter) } = await this.judge(ended);
      if (signal.aborted) return;
      if (state === "closed") this.#stopped.abort();
      this.tell(state, why, state === "closed" ? null : wait);
      if (state !== "closed") await pause(wait, signal, why.retryAfter === null);
    }
  }
  /** One session, to its end. Resolves with why it ended; never rejects. */
  async #attend() {
    try {
      const session = new Session({
        connected: () => this.connected(session),
        unsteady: (why) => this.tell("reconnecting", why)
      }, this.#rtc);
      this.session = session;
      this.shape(session.pc);
      await session.open(this.rostrum, this.#protocol, this.room);
      return await session.over;
    } catch (error) {
      return error instanceof Problem ? error : new Problem("unexpected", { detail: String(error), cause: error });
    }
  }
  /** Closes the session, if there is one, and resolves when all that were closed have ended at the server too. */
  #drop() {
    const [session, before] = [this.session, this.#dropped];
    this.session = null;
    if (session) this.#dropped = session.close().then(() => before);
    return this.#dropped;
  }
};

// src/publisher.ts
var EndedEvent = class extends Event {
  kind;
  track;
  constructor(track) {
    super("ended");
    this.kind = track.kind;
    this.track = track;
  }
};
var Publisher = class extends Participant {
  #options;
  #tracks = /* @__PURE__ */ new Map();
  #senders = /* @__PURE__ */ new Map();
  #over = new AbortController();
  /** Throws a {@link Problem} for a room's name that is none, and for a stream without tracks or with several of a kind. */
  constructor(rostrum, room, stream, options = {}) {
    super(rostrum, WHIP, room, options);
    this.#options = options;
    const tracks = stream.getTracks();
    for (const track of tracks) this.#hold(track.kind, track);
    if (tracks.length === 0 || tracks.length > this.#tracks.size) {
      throw new Problem("stream_invalid", { detail: "Give a MediaStream with one video track, one audio track, or one of each." });
    }
    this.on("closed", () => this.#over.abort());
  }
  /** Whether a picture or a sound is published, whose source can be replaced. */
  has(kind) {
    return this.#tracks.has(kind);
  }
  /**
   * Goes on with another source, without a new session; null sends nothing of that kind until the next one. A kind that
   * the stream did not have cannot be added. Rejects where the browser cannot send the track in the present format, and
   * goes on with the one before then. Between two sessions the next one begins with it. It is also how to go on after a
   * source has {@link PublisherEvents.ended | ended}.
   */
  async replace(kind, track) {
    if (!this.#tracks.has(kind)) return;
    const session = this.session;
    const sender = session && this.#senders.get(kind);
    this.#hold(kind, track);
    try {
      await sender?.replaceTrack(track);
    } catch (error) {
      if (session !== this.session) return;
      if (sender && this.#tracks.get(kind) === track) this.#tracks.set(kind, sender.track);
      throw error;
    }
  }
  #hold(kind, track) {
    this.#tracks.set(kind, track);
    track?.addEventListener("ended", this.#lost, { signal: this.#over.signal });
  }
  /** One function for all tracks: to add it to a track again changes nothing. */
  #lost = ({ target }) => {
    const track = target;
    const kind = track.kind;
    if (this.#tracks.get(kind) !== track) return;
    this.#tracks.set(kind, null);
    this.dispatchEvent(new EndedEvent(track));
  };
  shape(pc) {
    const streams = [new MediaStream()];
    for (const [kind, track] of this.#tracks) {
      const transceiver = pc.addTransceiver(track ?? kind, { direction: "sendonly", streams });
      this.#senders.set(kind, transceiver.sender);
      if (kind === "video" && this.#options.codec) transceiver.setCodecPreferences(codecOnly(this.#options.codec));
    }
  }
  connected(session) {
    if (session === this.session) this.tell("live");
  }
  /** A session that the server ends while it takes new ones was ended on purpose; one that it ends as it goes is to be begun anew. */
  async judge(why) {
    if (why.code === "closed") {
      if (await this.rostrum.ready()) return { state: "closed", why };
      why = new Problem("server_away");
    }
    const again = why.retryable && (this.wasLive || this.#options.persistent);
    return { state: again ? "reconnecting" : "closed", why };
  }
};

// node_modules/openapi-fetch/dist/index.mjs
var PATH_PARAM_RE = /\{[^{}]+\}/g;
var supportsRequestInitExt = () => {
  return typeof process === "object" && Number.parseInt(process?.versions?.node?.substring(0, 2)) >= 18 && process.versions.undici;
};
function randomID() {
  return Math.random().toString(36).slice(2, 11);
}
function createClient(clientOptions) {
  let {
    baseUrl = "",
    Request: CustomRequest = globalThis.Request,
    fetch: baseFetch = globalThis.fetch,
    querySerializer: globalQuerySerializer,
    bodySerializer: globalBodySerializer,
    pathSerializer: globalPathSerializer,
    headers: baseHeaders,
    requestInitExt = void 0,
    ...baseOptions
  } = { ...clientOptions };
  requestInitExt = supportsRequestInitExt() ? requestInitExt : void 0;
  baseUrl = removeTrailingSlash(baseUrl);
  const globalMiddlewares = [];
  async function coreFetch(schemaPath, fetchOptions) {
    const {
      baseUrl: localBaseUrl,
      fetch: fetch2 = baseFetch,
      Request: Request2 = CustomRequest,
      headers,
      params = {},
      parseAs = "json",
      querySerializer: requestQuerySerializer,
      bodySerializer = globalBodySerializer ?? defaultBodySerializer,
      pathSerializer: requestPathSerializer,
      body,
      middleware: requestMiddlewares = [],
      ...init
    } = fetchOptions || {};
    let finalBaseUrl = baseUrl;
    if (localBaseUrl) {
      finalBaseUrl = removeTrailingSlash(localBaseUrl) ?? baseUrl;
    }
    let querySerializer = typeof globalQuerySerializer === "function" ? globalQuerySerializer : createQuerySerializer(globalQuerySerializer);
    if (requestQuerySerializer) {
      querySerializer = typeof requestQuerySerializer === "function" ? requestQuerySerializer : createQuerySerializer({
        ...typeof globalQuerySerializer === "object" ? globalQuerySerializer : {},
        ...requestQuerySerializer
      });
    }
    const pathSerializer = requestPathSerializer || globalPathSerializer || defaultPathSerializer;
    const serializedBody = body === void 0 ? void 0 : bodySerializer(
      body,
      // Note: we declare mergeHeaders() both here and below because it’s a bit of a chicken-or-egg situation:
      // bodySerializer() needs all headers so we aren’t dropping ones set by the user, however,
      // the result of this ALSO sets the lowest-priority content-type header. So we re-merge below,
      // setting the content-type at the very beginning to be overwritten.
      // Lastly, based on the way headers work, it’s not a simple “present-or-not” check becauase null intentionally un-sets headers.
      mergeHeaders(baseHeaders, headers, params.header)
    );
    const finalHeaders = mergeHeaders(
      // with no body, we should not to set Content-Type
      serializedBody === void 0 || // if serialized body is FormData; browser will correctly set Content-Type & boundary expression
      serializedBody instanceof FormData ? {} : {
        "Content-Type": "application/json"
      },
      baseHeaders,
      headers,
      params.header
    );
    const finalMiddlewares = [...globalMiddlewares, ...requestMiddlewares];
    const requestInit = {
      redirect: "follow",
      ...baseOptions,
      ...init,
      body: serializedBody,
      headers: finalHeaders
    };
    let id;
    let options;
    let request = new Request2(
      createFinalURL(schemaPath, { baseUrl: finalBaseUrl, params, querySerializer, pathSerializer }),
      requestInit
    );
    let response;
    for (const key in init) {
      if (!(key in request)) {
        request[key] = init[key];
      }
    }
    if (finalMiddlewares.length) {
      id = randomID();
      options = Object.freeze({
        baseUrl: finalBaseUrl,
        fetch: fetch2,
        parseAs,
        querySerializer,
        bodySerializer,
        pathSerializer
      });
      for (const m of finalMiddlewares) {
        if (m && typeof m === "object" && typeof m.onRequest === "function") {
          const result = await m.onRequest({
            request,
            schemaPath,
            params,
            options,
            id
          });
          if (result) {
            if (result instanceof Request2) {
              request = result;
            } else if (result instanceof Response) {
              response = result;
              break;
            } else {
              throw new Error("onRequest: must return new Request() or Response() when modifying the request");
            }
          }
        }
      }
    }
    if (!response) {
      try {
        response = await fetch2(request, requestInitExt);
      } catch (error2) {
        let errorAfterMiddleware = error2;
        if (finalMiddlewares.length) {
          for (let i = finalMiddlewares.length - 1; i >= 0; i--) {
            const m = finalMiddlewares[i];
            if (m && typeof m === "object" && typeof m.onError === "function") {
              const result = await m.onError({
                request,
                error: errorAfterMiddleware,
                schemaPath,
                params,
                options,
                id
              });
              if (result) {
                if (result instanceof Response) {
                  errorAfterMiddleware = void 0;
                  response = result;
                  break;
                }
                if (result instanceof Error) {
                  errorAfterMiddleware = result;
                  continue;
                }
                throw new Error("onError: must return new Response() or instance of Error");
              }
            }
          }
        }
        if (errorAfterMiddleware) {
          throw errorAfterMiddleware;
        }
      }
      if (finalMiddlewares.length) {
        for (let i = finalMiddlewares.length - 1; i >= 0; i--) {
          const m = finalMiddlewares[i];
          if (m && typeof m === "object" && typeof m.onResponse === "function") {
            const result = await m.onResponse({
              request,
              response,
              schemaPath,
              params,
              options,
              id
            });
            if (result) {
              if (!(result instanceof Response)) {
                throw new Error("onResponse: must return new Response() when modifying the response");
              }
              response = result;
            }
          }
        }
      }
    }
    const contentLength = response.headers.get("Content-Length");
    if (response.status === 204 || request.method === "HEAD" || contentLength === "0" && !response.headers.get("Transfer-Encoding")?.includes("chunked")) {
      return response.ok ? { data: void 0, response } : { error: void 0, response };
    }
    if (response.ok) {
      const getResponseData = async () => {
        if (parseAs === "stream") {
          return response.body;
        }
        if (parseAs === "json" && !contentLength) {
          const raw = await response.text();
          return raw ? JSON.parse(raw) : void 0;
        }
        return await response[parseAs]();
      };
      return { data: await getResponseData(), response };
    }
    let error = await response.text();
    try {
      error = JSON.parse(error);
    } catch {
    }
    return { error, response };
  }
  return {
    request(method, url, init) {
      return coreFetch(url, { ...init, method: method.toUpperCase() });
    },
    /** Call a GET endpoint */
    GET(url, init) {
      return coreFetch(url, { ...init, method: "GET" });
    },
    /** Call a PUT endpoint */
    PUT(url, init) {
      return coreFetch(url, { ...init, method: "PUT" });
    },
    /** Call a POST endpoint */
    POST(url, init) {
      return coreFetch(url, { ...init, method: "POST" });
    },
    /** Call a DELETE endpoint */
    DELETE(url, init) {
      return coreFetch(url, { ...init, method: "DELETE" });
    },
    /** Call a OPTIONS endpoint */
    OPTIONS(url, init) {
      return coreFetch(url, { ...init, method: "OPTIONS" });
    },
    /** Call a HEAD endpoint */
    HEAD(url, init) {
      return coreFetch(url, { ...init, method: "HEAD" });
    },
    /** Call a PATCH endpoint */
    PATCH(url, init) {
      return coreFetch(url, { ...init, method: "PATCH" });
    },
    /** Call a TRACE endpoint */
    TRACE(url, init) {
      return coreFetch(url, { ...init, method: "TRACE" });
    },
    /** Register middleware */
    use(...middleware) {
      for (const m of middleware) {
        if (!m) {
          continue;
        }
        if (typeof m !== "object" || !("onRequest" in m || "onResponse" in m || "onError" in m)) {
          throw new Error("Middleware must be an object with one of `onRequest()`, `onResponse() or `onError()`");
        }
        globalMiddlewares.push(m);
      }
    },
    /** Unregister middleware */
    eject(...middleware) {
      for (const m of middleware) {
        const i = globalMiddlewares.indexOf(m);
        if (i !== -1) {
          globalMiddlewares.splice(i, 1);
        }
      }
    }
  };
}
function serializePrimitiveParam(name, value2, options) {
  if (value2 === void 0 || value2 === null) {
    return "";
  }
  if (typeof value2 === "object") {
    throw new Error(
      "Deeply-nested arrays/objects aren’t supported. Provide your own `querySerializer()` to handle these."
    );
  }
  return `${name}=${options?.allowReserved === true ? value2 : encodeURIComponent(value2)}`;
}
function serializeObjectParam(name, value2, options) {
  if (!value2 || typeof value2 !== "object") {
    return "";
  }
  const values = [];
  const joiner = {
    simple: ",",
    label: ".",
    matrix: ";"
  }[options.style] || "&";
  if (options.style !== "deepObject" && options.explode === false) {
    for (const k in value2) {
      values.push(k, options.allowReserved === true ? value2[k] : encodeURIComponent(value2[k]));
    }
    const final2 = values.join(",");
    switch (options.style) {
      case "form": {
        return `${name}=${final2}`;
      }
      case "label": {
        return `.${final2}`;
      }
      case "matrix": {
        return `;${name}=${final2}`;
      }
      default: {
        return final2;
      }
    }
  }
  for (const k in value2) {
    const finalName = options.style === "deepObject" ? `${name}[${k}]` : k;
    values.push(serializePrimitiveParam(finalName, value2[k], options));
  }
  const final = values.join(joiner);
  return options.style === "label" || options.style === "matrix" ? `${joiner}${final}` : final;
}
function serializeArrayParam(name, value2, options) {
  if (!Array.isArray(value2)) {
    return "";
  }
  if (options.explode === false) {
    const joiner2 = { form: ",", spaceDelimited: "%20", pipeDelimited: "|" }[options.style] || ",";
    const final = (options.allowReserved === true ? value2 : value2.map((v) => encodeURIComponent(v))).join(joiner2);
    switch (options.style) {
      case "simple": {
        return final;
      }
      case "label": {
        return `.${final}`;
      }
      case "matrix": {
        return `;${name}=${final}`;
      }
      // case "spaceDelimited":
      // case "pipeDelimited":
      default: {
        return `${name}=${final}`;
      }
    }
  }
  const joiner = { simple: ",", label: ".", matrix: ";" }[options.style] || "&";
  const values = [];
  for (const v of value2) {
    if (options.style === "simple" || options.style === "label") {
      values.push(options.allowReserved === true ? v : encodeURIComponent(v));
    } else {
      values.push(serializePrimitiveParam(name, v, options));
    }
  }
  return options.style === "label" || options.style === "matrix" ? `${joiner}${values.join(joiner)}` : values.join(joiner);
}
function createQuerySerializer(options) {
  return function querySerializer(queryParams) {
    const search = [];
    if (queryParams && typeof queryParams === "object") {
      for (const name in queryParams) {
        const value2 = queryParams[name];
        if (value2 === void 0 || value2 === null) {
          continue;
        }
        if (Array.isArray(value2)) {
          if (value2.length === 0) {
            continue;
          }
          search.push(
            serializeArrayParam(name, value2, {
              style: "form",
              explode: true,
              ...options?.array,
              allowReserved: options?.allowReserved || false
            })
          );
          continue;
        }
        if (typeof value2 === "object") {
          search.push(
            serializeObjectParam(name, value2, {
              style: "deepObject",
              explode: true,
              ...options?.object,
              allowReserved: options?.allowReserved || false
            })
          );
          continue;
        }
        search.push(serializePrimitiveParam(name, value2, options));
      }
    }
    return search.join("&");
  };
}
function defaultPathSerializer(pathname, pathParams) {
  let nextURL = pathname;
  for (const match of pathname.match(PATH_PARAM_RE) ?? []) {
    let name = match.substring(1, match.length - 1);
    let explode = false;
    let style = "simple";
    if (name.endsWith("*")) {
      explode = true;
      name = name.substring(0, name.length - 1);
    }
    if (name.startsWith(".")) {
      style = "label";
      name = name.substring(1);
    } else if (name.startsWith(";")) {
      style = "matrix";
      name = name.substring(1);
    }
    if (!pathParams || pathParams[name] === void 0 || pathParams[name] === null) {
      continue;
    }
    const value2 = pathParams[name];
    if (Array.isArray(value2)) {
      nextURL = nextURL.replace(match, serializeArrayParam(name, value2, { style, explode }));
      continue;
    }
    if (typeof value2 === "object") {
      nextURL = nextURL.replace(match, serializeObjectParam(name, value2, { style, explode }));
      continue;
    }
    if (style === "matrix") {
      nextURL = nextURL.replace(match, `;${serializePrimitiveParam(name, value2)}`);
      continue;
    }
    nextURL = nextURL.replace(match, style === "label" ? `.${encodeURIComponent(value2)}` : encodeURIComponent(value2));
  }
  return nextURL;
}
function defaultBodySerializer(body, headers) {
  if (body instanceof FormData) {
    return body;
  }
  if (headers) {
    const contentType = headers.get instanceof Function ? headers.get("Content-Type") ?? headers.get("content-type") : headers["Content-Type"] ?? headers["content-type"];
    if (contentType === "application/x-www-form-urlencoded") {
      return new URLSearchParams(body).toString();
    }
  }
  return JSON.stringify(body);
}
function createFinalURL(pathname, options) {
  let finalURL = `${options.baseUrl}${pathname}`;
  if (options.params?.path) {
    finalURL = options.pathSerializer(finalURL, options.params.path);
  }
  let search = options.querySerializer(options.params.query ?? {});
  if (search.startsWith("?")) {
    search = search.substring(1);
  }
  if (search) {
    finalURL += `?${search}`;
  }
  return finalURL;
}
function mergeHeaders(...allHeaders) {
  const finalHeaders = new Headers();
  for (const h of allHeaders) {
    if (!h || typeof h !== "object") {
      continue;
    }
    const iterator = h instanceof Headers ? h.entries() : Object.entries(h);
    for (const [k, v] of iterator) {
      if (v === null) {
        finalHeaders.delete(k);
      } else if (Array.isArray(v)) {
        for (const v2 of v) {
          finalHeaders.append(k, v2);
        }
      } else if (v !== void 0) {
        finalHeaders.set(k, v);
      }
    }
  }
  return finalHeaders;
}
function removeTrailingSlash(url) {
  if (url.endsWith("/")) {
    return url.substring(0, url.length - 1);
  }
  return url;
}

// src/rostrum.ts
var TIMEOUT = 1e4;
var PROBE_TIMEOUT = 3e3;
var Rostrum = class {
  /** The server's origin. */
  server;
  /**
   * Every operation of the contract, typed: `api.METHOD(path, {params, body})` resolves with `{data, response}`, and
   * rejects with a {@link Problem} for a refusal, no answer in time, or an answer that is not the contract's. So
   * `error` is never set. An AbortSignal given as `signal` ends a request early; it then rejects with its reason.
   */
  api;
  #probe;
  /** Throws a {@link Problem} for an address that is none of a server, or that holds more than that. */
  constructor({ server: server2, token = "", timeout = TIMEOUT } = {}) {
    this.server = server2 === void 0 ? ownOrigin() : originOf(server2);
    const present = typeof token === "function" ? token : () => token;
    const common = { baseUrl: this.server, cache: "no-store" };
    this.api = createClient({ ...common, fetch: exchange({ origin: this.server, token: present, timeout }) });
    this.#probe = createClient({ ...common, fetch: exchange({ origin: this.server, token: () => "", timeout: PROBE_TIMEOUT }) });
  }
  /** Whether the server is up. It resolves within seconds, and never rejects. */
  async alive() {
    return answers(this.#probe.GET("/healthz"));
  }
  /** Whether the server takes new sessions: false while it stops, starts or lacks something. It never rejects. */
  async ready() {
    return answers(this.#probe.GET("/readyz"));
  }
  /**
   * Links to the parts of a recording, in the order in which they play; none before it has ended. A link plays for an
   * hour without a token, wherever the server keeps recordings: `video.src = link`. `&download=true` behind it saves the
   * file. Who has a link may watch, so it is as secret as a token. Rejects with a {@link Problem}.
   */
  async playLinks(recording) {
    const { data } = await this.api.GET("/api/recordings/{recording}", { params: { path: { recording } } });
    return (data?.parts ?? []).map(({ url }) => {
      const link = URL.canParse(url, this.server) ? new URL(url, this.server) : null;
      if (link?.origin !== this.server) throw invalid("The server answered with a link that is not to itself.");
      return link.href;
    });
  }
  /** The contract that the server serves, OpenAPI 3.1 as JSON. Rejects with a {@link Problem}. */
  async contract() {
    const read = exchange({ origin: this.server, token: () => "", timeout: TIMEOUT });
    return (await read(new Request(`${this.server}/openapi.json`))).json();
  }
};
async function answers(probe) {
  return probe.then(() => true, (problem) => problem instanceof Problem && problem.status > 0 && problem.status < 500);
}
function ownOrigin() {
  const { url } = import.meta;
  if (!url || !/^https?:/.test(url)) throw new Problem("server_invalid", { detail: "This module was not loaded from a server. Give its address as the option server." });
  return new URL(url).origin;
}
function originOf(server2) {
  const url = URL.canParse(server2) ? new URL(server2) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Problem("server_invalid", { detail: "The server's address is not one. Write its scheme, its host and its port if it has one of its own." });
  }
  if (url.username || url.password || url.search || url.hash) throw tokenInURL();
  if (url.pathname !== "/") throw new Problem("server_invalid", { detail: `The server's address has no path: write ${url.origin}.` });
  return url.origin;
}

// src/flow.ts
var LOOK = 500;
var Flow = class _Flow {
  /** Milliseconds without a byte after which a stream that was there stands still. */
  static QUIET = 4e3;
  /** And after which one that never was is not going to be there soon. */
  static EMPTY = 1e3;
  #pc;
  #watcher;
  #timer;
  #bytes = 0;
  #last = performance.now();
  #told = false;
  #ended = false;
  /** Begins to look. Whoever makes it has to end it. */
  constructor(pc, watcher) {
    this.#pc = pc;
    this.#watcher = watcher;
    this.#timer = setInterval(() => void this.#look().catch(() => {
    }), LOOK);
  }
  /** Begins anew to wait for media, after the connection was mended. */
  renew() {
    [this.#last, this.#told] = [performance.now(), false];
  }
  /** Looks no more, and tells nothing any more. */
  end() {
    this.#ended = true;
    clearInterval(this.#timer);
  }
  async #look() {
    if (this.#pc.connectionState !== "connected") return;
    const report = await this.#pc.getStats();
    if (this.#ended) return;
    const bytes = [...report.values()].reduce((sum, { type, bytesReceived = 0 }) => sum + (type === "inbound-rtp" ? bytesReceived : 0), 0);
    if (bytes > this.#bytes) {
      [this.#bytes, this.#last, this.#told] = [bytes, performance.now(), false];
      return this.#watcher.flows();
    }
    const flowed = this.#bytes > 0;
    if (this.#told || performance.now() - this.#last < (flowed ? _Flow.QUIET : _Flow.EMPTY)) return;
    this.#told = true;
    this.#watcher.still(flowed);
  }
};

// src/subscriber.ts
var POLL = 2e3;
var StreamEvent = class extends Event {
  /** It is there at once and fills when media comes. */
  stream;
  constructor(stream) {
    super("stream");
    this.stream = stream;
  }
};
var Subscriber = class extends Participant {
  #stream = null;
  #element = null;
  #flow = null;
  /** Throws a {@link Problem} for a room's name that is none. */
  constructor(rostrum, room, options = {}) {
    super(rostrum, WHEP, room, options);
  }
  /** What is received: one picture and one sound, in whatever codec the room has. null before the first session; another one after a reconnect. */
  get stream() {
    return this.#stream;
  }
  /**
   * Plays what is received in that element, now and in all sessions to come, and no longer in the one before it. Where
   * the browser lets no page play sound unasked, it is muted, and `element.muted = false` after a click or tap brings the
   * sound. Returns this.
   */
  attach(element) {
    if (element !== this.#element) this.detach();
    this.#element = element;
    this.#show();
    return this;
  }
  /**
   * Takes the stream out of its element, as for one that leaves the page. The session goes on, and with it what it
   * costs: `stop()` ends it. Without an element it does nothing. Returns this.
   */
  detach() {
    const element = this.#element;
    this.#element = null;
    if (element && element.srcObject === this.#stream) element.srcObject = null;
    return this;
  }
  #show() {
    const [element, stream] = [this.#element, this.#stream];
    if (!element || !stream) return;
    element.srcObject = stream;
    element.play().catch((error) => {
      if (error.name !== "NotAllowedError" || element.srcObject !== stream) return;
      element.muted = true;
      element.play().catch(() => {
      });
    });
  }
  /** The picture joins the stream with its first packet: an element that has been promised one holds the sound back until it comes. */
  shape(pc) {
    const stream = new MediaStream();
    const { receiver } = pc.addTransceiver("video", { direction: "recvonly" });
    receiver.track.addEventListener("unmute", () => stream.addTrack(receiver.track));
    stream.addTrack(pc.addTransceiver("audio", { direction: "recvonly" }).receiver.track);
    this.#stream = stream;
    this.#show();
    this.dispatchEvent(new StreamEvent(stream));
  }
  connected(session) {
    if (session !== this.session) return;
    if (this.#flow) return this.#flow.renew();
    const flow = this.#flow = new Flow(session.pc, {
      flows: () => session === this.session && this.tell("live"),
      still: (flowed) => void this.#still(session, flowed)
    });
    void session.over.then(() => {
      flow.end();
      this.#flow = null;
    });
  }
  /** Silence has two causes, a publisher that sends nothing and a server that is gone; WebRTC takes ten seconds to tell. */
  async #still(session, flowed) {
    if (!await this.rostrum.alive()) return session.lose("network_lost");
    if (session === this.session) this.tell("waiting", new Problem(flowed ? "silent" : "nobody"));
  }
  async judge(why) {
    if (why.code === "closed") return { state: "waiting", why, wait: spread(POLL) };
    return { state: why.retryable ? "reconnecting" : "closed", why };
  }
};
export {
  Emitter,
  EndedEvent,
  Participant,
  Problem,
  Publisher,
  Rostrum,
  StateEvent,
  StreamEvent,
  Subscriber,
  sendableCodecs
};
