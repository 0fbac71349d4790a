/** The video codecs that this browser can send, of those that the server takes: of VP8, VP9, H264, AV1, H265. */
export declare function sendableCodecs(): string[];
/** What a {@link Problem} tells besides its code. What is left out has the value that its field is described with. */
export interface ProblemFields {
	status?: number;
	detail?: string;
	retryable?: boolean;
	retryAfter?: number | null;
	cause?: unknown;
}
/**
 * Everything that can go wrong between a page and the server, as one type of error. Programs go by `code` and
 * `retryable`, people by `detail`. Codes of the server are in its contract, at `/docs`; more of them may come, so treat
 * one that you do not know by `retryable`.
 *
 * These codes are the client's own, and have `status` 0:
 *
 * | code | what | retryable |
 * |---|---|---|
 * | `server_away` | no answer, or none in time; no token in time to ask for one | yes |
 * | `network_lost` | an established connection carries nothing any more | yes |
 * | `media_blocked` | the offer was accepted, but ICE or DTLS did not get through | yes |
 * | `closed` | the server ended the session | yes |
 * | `nobody`, `silent` | a room without a publisher; a publisher that sends nothing | yes |
 * | `answer_invalid` | an answer that is not the contract's: a proxy's page, no SDP, a session elsewhere; a redirect to another origin | no |
 * | `token_in_url` | an address that holds a token, or anything else that may be one | no |
 * | `server_invalid`, `token_malformed`, `room_name_invalid`, `stream_invalid` | an argument that cannot be right | no |
 * | `unexpected` | an error of the page's own, as of its token function; it is the `cause` | no |
 * | `webrtc_missing`, `codec_missing` | a browser without WebRTC, or without the codec that it is to send | no |
 */
export declare class Problem extends Error {
	readonly name = "Problem";
	/** What went wrong, for programs. */
	readonly code: string;
	/** The HTTP status; 0 where the server did not say it. */
	readonly status: number;
	/** What went wrong and what to do next, for people. It never holds a token. */
	readonly detail: string;
	/** Whether the same may succeed later. */
	readonly retryable: boolean;
	/** Milliseconds to wait at least before trying again, as the server asks (RFC 9110 §10.2.3); null if it does not. */
	readonly retryAfter: number | null;
	constructor(code: string, fields?: ProblemFields);
}
/**
 * Where a {@link Publisher} or {@link Subscriber} stands. Each is also the name of the event that tells of it.
 *
 * - `connecting`: from `start()` until it is live or waits, or is closed.
 * - `live`: media flows.
 * - `waiting`: a subscriber's room has no publisher, or one that sends nothing; it goes on by itself.
 * - `reconnecting`: it was interrupted and goes on by itself.
 * - `closed`: it is over, by `stop()` or by a problem that waiting does not cure.
 */
export type State = "connecting" | "live" | "waiting" | "reconnecting" | "closed";
/** Tells that a state has begun, or that there is more to say of it. Its `type` is the state. */
export declare class StateEvent extends Event {
	readonly type: State;
	/** Why: null for `connecting` and `live`, and for `closed` by `stop()`. */
	readonly why: Problem | null;
	/** Milliseconds until the next session is tried; null where none is planned, as while the present one is mended. */
	readonly wait: number | null;
	constructor(state: State, why: Problem | null, wait: number | null);
}
/** The events of a {@link Publisher}. */
export type StateEvents = Record<State, StateEvent>;
/** An EventTarget whose events have types. */
export declare class Emitter<Events extends {
	[name: string]: Event;
}> extends EventTarget {
	/** Calls listener at each event of that type until the signal among the options aborts. Returns this. */
	on<Type extends keyof Events & string>(type: Type, listener: (event: Events[Type]) => void, options?: AddEventListenerOptions): this;
}
type HttpMethod = "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace";
type OkStatus = 200 | 201 | 202 | 203 | 204 | 206 | 207 | "2XX";
type ErrorStatus = 500 | 501 | 502 | 503 | 504 | 505 | 506 | 507 | 508 | 510 | 511 | "5XX" | 400 | 401 | 402 | 403 | 404 | 405 | 406 | 407 | 408 | 409 | 410 | 411 | 412 | 413 | 414 | 415 | 416 | 417 | 418 | 420 | 421 | 422 | 423 | 424 | 425 | 426 | 427 | 428 | 429 | 430 | 431 | 444 | 450 | 451 | 497 | 498 | 499 | "4XX" | "default";
type PathsWithMethod<Paths extends {}, PathnameMethod extends HttpMethod> = {
	[Pathname in keyof Paths]: Paths[Pathname] extends {
		[K in PathnameMethod]: any;
	} ? Pathname : never;
}[keyof Paths];
type ResponseObjectMap<T> = T extends {
	responses: any;
} ? T["responses"] : unknown;
type ResponseContent<T> = T extends {
	content: any;
} ? T["content"] : unknown;
type OperationRequestBody<T> = "requestBody" extends keyof T ? T["requestBody"] : never;
type PickRequestBody<T> = "requestBody" extends keyof T ? Pick<T, "requestBody"> : never;
type IsOperationRequestBodyOptional<T> = RequiredKeysOf<PickRequestBody<T>> extends never ? true : false;
type OperationRequestBodyMediaContent<T> = IsOperationRequestBodyOptional<T> extends true ? ResponseContent<NonNullable<OperationRequestBody<T>>> | undefined : ResponseContent<OperationRequestBody<T>>;
type OperationRequestBodyContent<T> = FilterKeys<OperationRequestBodyMediaContent<T>, MediaType> extends never ? FilterKeys<NonNullable<OperationRequestBodyMediaContent<T>>, MediaType> | undefined : FilterKeys<OperationRequestBodyMediaContent<T>, MediaType>;
type SuccessResponse<T extends Record<string | number, any>, Media extends MediaType = MediaType> = GetResponseContent<T, Media, OkStatus>;
type GetResponseContent<T extends Record<string | number, any>, Media extends MediaType = MediaType, ResponseCode extends keyof T = keyof T> = ResponseCode extends keyof T ? {
	[K in ResponseCode]: T[K]["content"] extends Record<string, any> ? FilterKeys<T[K]["content"], Media> extends never ? T[K]["content"] : FilterKeys<T[K]["content"], Media> : K extends keyof T ? T[K]["content"] : never;
}[ResponseCode] : never;
type ErrorResponse<T extends Record<string | number, any>, Media extends MediaType = MediaType> = GetResponseContent<T, Media, ErrorStatus>;
type FilterKeys<Obj, Matchers> = Obj[keyof Obj & Matchers];
type MediaType = `${string}/${string}`;
type RequiredKeysOfHelper<T> = {
	[K in keyof T]: {} extends Pick<T, K> ? never : K;
}[keyof T];
type RequiredKeysOf<T> = RequiredKeysOfHelper<T> extends undefined ? never : RequiredKeysOfHelper<T>;
type $Read<T> = {
	readonly $read: T;
};
type $Write<T> = {
	readonly $write: T;
};
type Readable<T> = T extends $Write<any> ? never : T extends $Read<infer U> ? Readable<U> : T extends (infer E)[] ? Readable<E>[] : T extends object ? {
	[K in keyof T as NonNullable<T[K]> extends $Write<any> ? never : K]: Readable<T[K]>;
} : T;
type Writable<T> = T extends $Read<any> ? never : T extends $Write<infer U> ? Writable<U> : T extends (infer E)[] ? Writable<E>[] : T extends object ? {
	[K in keyof T as NonNullable<T[K]> extends $Read<any> ? never : K]: Writable<T[K]>;
} & {
	[K in keyof T as NonNullable<T[K]> extends $Read<any> ? K : never]?: never;
} : T;
interface ClientOptions extends Omit<RequestInit, "headers"> {
	/** set the common root URL for all API requests */
	baseUrl?: string;
	/** custom fetch (defaults to globalThis.fetch) */
	fetch?: (input: Request) => Promise<Response>;
	/** custom Request (defaults to globalThis.Request) */
	Request?: typeof Request;
	/** global querySerializer */
	querySerializer?: QuerySerializer<unknown> | QuerySerializerOptions;
	/** global bodySerializer */
	bodySerializer?: BodySerializer<unknown>;
	/** global pathSerializer */
	pathSerializer?: PathSerializer;
	headers?: HeadersOptions;
	/** RequestInit extension object to pass as 2nd argument to fetch when supported (defaults to undefined) */
	requestInitExt?: Record<string, unknown>;
}
type HeadersOptions = Required<RequestInit>["headers"] | Record<string, string | number | boolean | (string | number | boolean)[] | null | undefined>;
type QuerySerializer<T> = (query: T extends {
	parameters: any;
} ? NonNullable<T["parameters"]["query"]> : Record<string, unknown>) => string;
type QuerySerializerOptions = {
	/** Set serialization for arrays. @see https://swagger.io/docs/specification/serialization/#query */
	array?: {
		/** default: "form" */
		style: "form" | "spaceDelimited" | "pipeDelimited";
		/** default: true */
		explode: boolean;
	};
	/** Set serialization for objects. @see https://swagger.io/docs/specification/serialization/#query */
	object?: {
		/** default: "deepObject" */
		style: "form" | "deepObject";
		/** default: true */
		explode: boolean;
	};
	/**
	 * The `allowReserved` keyword specifies whether the reserved characters
	 * `:/?#[]@!$&'()*+,;=` in parameter values are allowed to be sent as they
	 * are, or should be percent-encoded. By default, allowReserved is `false`,
	 * and reserved characters are percent-encoded.
	 * @see https://swagger.io/docs/specification/serialization/#query
	 */
	allowReserved?: boolean;
};
type BodySerializer<T> = (body: OperationRequestBodyContent<T>) => any;
type PathSerializer = (pathname: string, pathParams: Record<string, unknown>) => string;
type BodyType<T = unknown> = {
	json: T;
	text: Awaited<ReturnType<Response["text"]>>;
	blob: Awaited<ReturnType<Response["blob"]>>;
	arrayBuffer: Awaited<ReturnType<Response["arrayBuffer"]>>;
	stream: Response["body"];
};
type ParseAs = keyof BodyType;
type ParseAsResponse<T, Options> = Options extends {
	parseAs: ParseAs;
} ? BodyType<T>[Options["parseAs"]] : T;
interface DefaultParamsOption {
	params?: {
		query?: Record<string, unknown>;
	};
}
type ParamsOption<T> = T extends {
	parameters: any;
} ? RequiredKeysOf<T["parameters"]> extends never ? {
	params?: T["parameters"];
} : {
	params: T["parameters"];
} : DefaultParamsOption;
type RequestBodyOption<T> = Writable<OperationRequestBodyContent<T>> extends never ? {
	body?: never;
} : IsOperationRequestBodyOptional<T> extends true ? {
	body?: Writable<OperationRequestBodyContent<T>>;
} : {
	body: Writable<OperationRequestBodyContent<T>>;
};
type FetchOptions<T> = RequestOptions<T> & Omit<RequestInit, "body" | "headers">;
type FetchResponse<T extends Record<string | number, any>, Options, Media extends MediaType> = {
	data: ParseAsResponse<Readable<SuccessResponse<ResponseObjectMap<T>, Media>>, Options>;
	error?: never;
	response: Response;
} | {
	data?: never;
	error: Readable<ErrorResponse<ResponseObjectMap<T>, Media>>;
	response: Response;
};
type RequestOptions<T> = ParamsOption<T> & RequestBodyOption<T> & {
	baseUrl?: string;
	querySerializer?: QuerySerializer<T> | QuerySerializerOptions;
	bodySerializer?: BodySerializer<T>;
	pathSerializer?: PathSerializer;
	parseAs?: ParseAs;
	fetch?: ClientOptions["fetch"];
	headers?: HeadersOptions;
	middleware?: Middleware[];
};
type MergedOptions<T = unknown> = {
	baseUrl: string;
	parseAs: ParseAs;
	querySerializer: QuerySerializer<T>;
	bodySerializer: BodySerializer<T>;
	pathSerializer: PathSerializer;
	fetch: typeof globalThis.fetch;
};
interface MiddlewareRequestParams {
	query?: Record<string, unknown>;
	header?: Record<string, unknown>;
	path?: Record<string, unknown>;
	cookie?: Record<string, unknown>;
}
interface MiddlewareCallbackParams {
	/** Current Request object */
	request: Request;
	/** The original OpenAPI schema path (including curly braces) */
	readonly schemaPath: string;
	/** OpenAPI parameters as provided from openapi-fetch */
	readonly params: MiddlewareRequestParams;
	/** Unique ID for this request */
	readonly id: string;
	/** createClient options (read-only) */
	readonly options: MergedOptions;
}
type MiddlewareOnRequest = (options: MiddlewareCallbackParams) => void | Request | Response | undefined | Promise<Request | Response | undefined | void>;
type MiddlewareOnResponse = (options: MiddlewareCallbackParams & {
	response: Response;
}) => void | Response | undefined | Promise<Response | undefined | void>;
type MiddlewareOnError = (options: MiddlewareCallbackParams & {
	error: unknown;
}) => void | Response | Error | Promise<void | Response | Error>;
type Middleware = {
	onRequest: MiddlewareOnRequest;
	onResponse?: MiddlewareOnResponse;
	onError?: MiddlewareOnError;
} | {
	onRequest?: MiddlewareOnRequest;
	onResponse: MiddlewareOnResponse;
	onError?: MiddlewareOnError;
} | {
	onRequest?: MiddlewareOnRequest;
	onResponse?: MiddlewareOnResponse;
	onError: MiddlewareOnError;
};
type MaybeOptionalInit<Params, Location extends keyof Params> = RequiredKeysOf<FetchOptions<FilterKeys<Params, Location>>> extends never ? FetchOptions<FilterKeys<Params, Location>> | undefined : FetchOptions<FilterKeys<Params, Location>>;
type InitParam<Init> = RequiredKeysOf<Init> extends never ? [
	(Init & {
		[key: string]: unknown;
	})?
] : [
	Init & {
		[key: string]: unknown;
	}
];
type ClientMethod<Paths extends Record<string, Record<HttpMethod, {}>>, Method extends HttpMethod, Media extends MediaType> = <Path extends PathsWithMethod<Paths, Method>, Init extends MaybeOptionalInit<Paths[Path], Method>>(url: Path, ...init: InitParam<Init>) => Promise<FetchResponse<Paths[Path][Method], Init, Media>>;
type ClientRequestMethod<Paths extends Record<string, Record<HttpMethod, {}>>, Media extends MediaType> = <Method extends HttpMethod, Path extends PathsWithMethod<Paths, Method>, Init extends MaybeOptionalInit<Paths[Path], Method>>(method: Method, url: Path, ...init: InitParam<Init>) => Promise<FetchResponse<Paths[Path][Method], Init, Media>>;
interface Client<Paths extends {}, Media extends MediaType = MediaType> {
	request: ClientRequestMethod<Paths, Media>;
	/** Call a GET endpoint */
	GET: ClientMethod<Paths, "get", Media>;
	/** Call a PUT endpoint */
	PUT: ClientMethod<Paths, "put", Media>;
	/** Call a POST endpoint */
	POST: ClientMethod<Paths, "post", Media>;
	/** Call a DELETE endpoint */
	DELETE: ClientMethod<Paths, "delete", Media>;
	/** Call a OPTIONS endpoint */
	OPTIONS: ClientMethod<Paths, "options", Media>;
	/** Call a HEAD endpoint */
	HEAD: ClientMethod<Paths, "head", Media>;
	/** Call a PATCH endpoint */
	PATCH: ClientMethod<Paths, "patch", Media>;
	/** Call a TRACE endpoint */
	TRACE: ClientMethod<Paths, "trace", Media>;
	/** Register middleware */
	use(...middleware: Middleware[]): void;
	/** Unregister middleware */
	eject(...middleware: Middleware[]): void;
}
/**
 * This file was auto-generated by openapi-typescript.
 * Do not make direct changes to the file.
 */
export interface paths {
	"/api/audit": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * Export the audit trail
		 * @description Every administrative act and everybody who was not let in, in the order in which they were kept, as JSON lines: an object a line. To go on later, give the number of the last line as after: nothing is left out. Where the database goes away meanwhile the connection breaks off, so that a part is not taken for the whole. Needs admin on every room.
		 */
		get: operations["exportAudit"];
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/recordings": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * List recordings
		 * @description Tells of the recordings of the rooms that the bearer may watch, those that began last first. A recording that is there all the while is told of exactly once over the pages.
		 */
		get: operations["listRecordings"];
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/recordings/{recording}": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * See all that is known of a recording
		 * @description Who may watch its room may see it; to others it is not there. Each part has a link by which it plays without a token for one hour, or until the server restarts.
		 */
		get: operations["getRecording"];
		put?: never;
		post?: never;
		/**
		 * Erase a recording
		 * @description Erases its files, in the store and on this server, and what is known of it; that cannot be undone. An upload that is running is broken off. Who did it is kept. Needs admin on the recording's room.
		 */
		delete: operations["deleteRecording"];
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/recordings/{recording}/media": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * Play or download a recording
		 * @description A file of the recording, whole or a range of it (RFC 9110 §14), also while it waits for the store; where the store gives out addresses of its own, a redirect to one. Needs a token for who may watch the room, or the expires and signature of a link that another answer gave out.
		 */
		get: operations["getRecordingMedia"];
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/recordings/{recording}/retry": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		get?: never;
		put?: never;
		/**
		 * Try a recording again now
		 * @description Has the step that has failed taken at once, and not only when its time has come. Needs admin on the recording's room.
		 */
		post: operations["retryRecording"];
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/rooms": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * List rooms
		 * @description Tells of the rooms that the bearer may watch, provisioned or live, in the order of their names. A room that is there all the while is told of exactly once over the pages.
		 */
		get: operations["listRooms"];
		put?: never;
		/**
		 * Create a room
		 * @description Provisions a room, which is there from now on until it is deleted, whoever is in it. Where it is live already, what is said here holds in it from now on. Needs admin on a room of that name.
		 */
		post: operations["createRoom"];
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/rooms/{room}": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * See a room
		 * @description What is kept of a room, and what is live in it. Who may watch it may see it, but for what is told only to who administers it. Rooms that nobody provisioned are there while somebody is in them.
		 */
		get: operations["getRoom"];
		put?: never;
		post?: never;
		/**
		 * Delete a room
		 * @description Ends what is live in the room, and forgets what is kept of it, its tokens too. Its recordings and sessions are kept. Needs admin on the room.
		 */
		delete: operations["deleteRoom"];
		options?: never;
		head?: never;
		/**
		 * Change a provisioned room
		 * @description Takes a JSON merge patch (RFC 7396): what is not given stays, and what is null is the server's choice again. It holds at once, also where the room is live. If-Match says which version it is for: where somebody else has changed the room meanwhile, nothing is changed. Needs admin on the room.
		 */
		patch: operations["changeRoom"];
		trace?: never;
	};
	"/api/rooms/{room}/publisher": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		get?: never;
		put?: never;
		post?: never;
		/**
		 * End what is being published in a room
		 * @description Closes the connections of the publisher and of its subscribers; the room is free at once. Its publisher may come again, unless its token is revoked. Needs admin on the room.
		 */
		delete: operations["endPublication"];
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/rooms/{room}/recording": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * See whether a room is being recorded
		 * @description Off where nobody publishes.
		 */
		get: operations["getRoomRecording"];
		/**
		 * Record what is being published in a room
		 * @description Begins to record until the publisher has left, or until it is stopped; where the room is recorded already nothing changes. A recording begins and ends while the room's settings stay as they are: so it has a place of its own, and is no part of the room.
		 */
		put: operations["startRoomRecording"];
		post?: never;
		/**
		 * Record a room no more
		 * @description Ends the recording, which goes on its way into the store; the publication goes on. Where nothing is recorded nothing changes. A recording begins and ends while the room's settings stay as they are: so it has a place of its own, and is no part of the room.
		 */
		delete: operations["stopRoomRecording"];
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/rooms/{room}/sessions": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * List the sessions of a room
		 * @description Tells who came, when, how it went and why it ended, those that began last first; of live ones as they go now. Also of rooms that are no more. Needs admin on the room.
		 */
		get: operations["listRoomSessions"];
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/rooms/{room}/tokens": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * List the tokens of a room
		 * @description Tells of the tokens that the room has of its own, never of what their bearers show. Needs admin on the room.
		 */
		get: operations["listRoomTokens"];
		put?: never;
		/**
		 * Make a token for a room
		 * @description Makes a token by which its bearer may publish or play in this provisioned room. What the bearer shows is told in this answer and never again. Needs admin on the room.
		 */
		post: operations["createRoomToken"];
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/rooms/{room}/tokens/{token}": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		get?: never;
		put?: never;
		post?: never;
		/**
		 * Revoke a token of a room
		 * @description The token is valid no more, and the sessions that it began end. Needs admin on the room.
		 */
		delete: operations["revokeRoomToken"];
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/rooms/{room}/tokens/{token}/rotation": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		get?: never;
		put?: never;
		/**
		 * Put a new token in the place of one
		 * @description Makes a token that allows the same, for as long, to the same subject; the old one goes on for as long as is said here. What the bearer shows is told in this answer and never again. Needs admin on the room.
		 */
		post: operations["rotateRoomToken"];
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/sessions": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * List the sessions of all rooms
		 * @description Tells who came, when, how it went and why it ended, those that began last first; of live ones as they go now. Needs admin on every room.
		 */
		get: operations["listSessions"];
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/sessions/{session}": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * See a session's life
		 * @description Tells one session step by step, while it lives and after: when its offer, candidates, connection, media, first picture and recording came, how it goes, why it ended, and what it lacks, in words to act on. A live one is told of also while the database is away. Needs admin on its room; to others it is not there.
		 */
		get: operations["getSession"];
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/whep/play/{room}": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * See that there is a WHEP endpoint
		 * @description Answers without content, and tells nothing of the room. POST an offer here to begin a session.
		 */
		get: operations["probePlayEndpoint"];
		put?: never;
		/**
		 * Watch the stream of a room
		 * @description Takes a WHEP player's SDP offer (draft-ietf-wish-whep §4.3) to receive audio, video or both, recvonly or sendrecv. The codec that is being published comes first in the answer; nothing is transcoded. Where nobody publishes yet, the picture begins when somebody does.
		 */
		post: operations["playStream"];
		delete?: never;
		/**
		 * Ask what may be done here
		 * @description Needs no token, and neither does a CORS preflight. Who may play here and says so by a token is told of the ICE servers as well (RFC 9725 §4.6).
		 */
		options: operations["optionsPlayEndpoint"];
		/**
		 * Find out that this is a WHEP endpoint
		 * @description The Content-Type tells a player what is talked here. Nothing is told of the room.
		 */
		head: operations["discoverPlayEndpoint"];
		patch?: never;
		trace?: never;
	};
	"/api/whep/sessions/{session}": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * See whether a session lives
		 * @description Answers without content while the session lives.
		 */
		get: operations["probePlaySession"];
		put?: never;
		post?: never;
		/**
		 * Stop watching
		 * @description Ends a subscriber's session; nobody else in the room notices. Only the subject that began it may, or an administrator.
		 */
		delete: operations["endPlaySession"];
		/**
		 * Ask what may be done here
		 * @description Needs no token, and neither does a CORS preflight. Says nothing of the session itself.
		 */
		options: operations["optionsPlaySession"];
		head?: never;
		/**
		 * Trickle ICE candidates, or restart ICE
		 * @description Takes a trickle ICE SDP fragment (RFC 8840). With the ICE credentials that the client has it adds candidates; with new ones it restarts ICE (RFC 9725 §4.3), while everything else goes on. Nothing else can be negotiated anew. If-Match says which ICE session the fragment is for: when that is over, nothing is changed.
		 */
		patch: operations["trickleIcePlaySession"];
		trace?: never;
	};
	"/api/whep/sessions/{session}/events": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		get?: never;
		put?: never;
		/**
		 * Ask for events of the room
		 * @description Takes a JSON array of the names of events (active, inactive, viewercount, reconnect) and makes a stream of them, to be read by server-sent events at its Location.
		 */
		post: operations["openEventStream"];
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/whep/sessions/{session}/events/{stream}": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * Read events of the room
		 * @description Server-sent events, until the stream or its session ends. viewercount has the number in its data.
		 */
		get: operations["readEventStream"];
		put?: never;
		post?: never;
		/**
		 * End a stream of events
		 * @description The session goes on.
		 */
		delete: operations["endEventStream"];
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/whip/publish/{room}": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * See that there is a WHIP endpoint
		 * @description Answers without content, and tells nothing of the room. POST an offer here to begin a session.
		 */
		get: operations["probePublishEndpoint"];
		put?: never;
		/**
		 * Publish a stream into a room
		 * @description Takes a WHIP client's SDP offer (RFC 9725 §4.2) of one audio track, one video track, or one of each, sendonly or sendrecv. VP8, VP9, H264, H265 and AV1 are served, and Opus. The answer is complete: all candidates are in it. A room has one publisher; while it has, others are refused with 409 and nothing changes for the one that is there.
		 */
		post: operations["publishStream"];
		delete?: never;
		/**
		 * Ask what may be done here
		 * @description Needs no token, and neither does a CORS preflight. Who may publish here and says so by a token is told of the ICE servers as well (RFC 9725 §4.6).
		 */
		options: operations["optionsPublishEndpoint"];
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/api/whip/sessions/{session}": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * See whether a session lives
		 * @description Answers without content while the session lives.
		 */
		get: operations["probePublishSession"];
		put?: never;
		post?: never;
		/**
		 * End a publication
		 * @description Ends the publisher's session: its connection and its subscribers' are closed, and the room is free at once (RFC 9725 §4.2). Only the subject that began it may, or an administrator.
		 */
		delete: operations["endSession"];
		/**
		 * Ask what may be done here
		 * @description Needs no token, and neither does a CORS preflight. Says nothing of the session itself.
		 */
		options: operations["optionsPublishSession"];
		head?: never;
		/**
		 * Trickle ICE candidates, or restart ICE
		 * @description Takes a trickle ICE SDP fragment (RFC 8840). With the ICE credentials that the client has it adds candidates; with new ones it restarts ICE (RFC 9725 §4.3), while everything else goes on. Nothing else can be negotiated anew. If-Match says which ICE session the fragment is for: when that is over, nothing is changed.
		 */
		patch: operations["trickleIce"];
		trace?: never;
	};
	"/healthz": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * See that the process lives
		 * @description Looks at nothing else. A process that does not answer should be started again.
		 */
		get: operations["getHealth"];
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/metrics": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * Read the metrics
		 * @description In the text format of Prometheus. No metric names a room, a session, a recording or a person.
		 */
		get: operations["getMetrics"];
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	"/readyz": {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * See whether new sessions had better be sent here
		 * @description Degraded is ready too: while the database is away, rooms that are known go on without it. Unavailable is a server that shuts down, or whose database has been away for too long. It names no host and repeats no error.
		 */
		get: operations["getReadiness"];
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
}
export interface components {
	schemas: {
		AuditEntry: {
			/**
			 * @description What was done; access.refused where somebody was not let in.
			 * @example room.change
			 */
			act: string;
			/**
			 * Format: date-time
			 * @description When it was done.
			 * @example 2026-01-31T18:00:00Z
			 */
			at: string;
			/**
			 * @description More about it.
			 * @example
			 */
			detail: string;
			/**
			 * @description Where it came from, as much of it as the operator keeps.
			 * @example 192.0.2.0/24
			 */
			from: string;
			/**
			 * Format: int64
			 * @description Its number, greater than those of all entries before it.
			 * @example 4711
			 */
			number: number;
			/**
			 * @description What it was done to; of somebody who was not let in, what was asked for.
			 * @example demo
			 */
			object: string;
			/**
			 * @description Who did it, by its token; empty where that is not known, and for what the server did itself.
			 * @example carol
			 */
			subject: string;
		};
		DatabaseReadiness: {
			/**
			 * @description Whether it answers.
			 * @example true
			 */
			available: boolean;
			/**
			 * Format: int64
			 * @description How many of these were given up for want of room, since the start.
			 * @example 0
			 */
			dropped: number;
			/**
			 * Format: date-time
			 * @description When it was found to be away; missing while it answers.
			 * @example 2026-01-31T18:00:00Z
			 */
			since?: string;
			/**
			 * Format: int64
			 * @description Sessions and acts that are to be written.
			 * @example 0
			 */
			waiting: number;
		};
		LivePublisher: {
			/**
			 * Format: int64
			 * @description What is received, in bit/s, over some seconds just now.
			 * @example 2500000
			 */
			bitrate: number;
			/**
			 * Format: int64
			 * @description How much they had in them.
			 * @example 206000000
			 */
			bytes: number;
			/**
			 * @description Whether media may flow.
			 * @example true
			 */
			connected: boolean;
			/**
			 * Format: int64
			 * @description How many key frames were received.
			 * @example 300
			 */
			keyframes: number;
			/**
			 * Format: int64
			 * @description How many packets never came.
			 * @example 12
			 */
			lost: number;
			/**
			 * Format: int64
			 * @description How many packets have been received.
			 * @example 180000
			 */
			packets: number;
			/**
			 * Format: double
			 * @description To the publisher and back, in milliseconds; missing before it is known. Told only to who administers the room.
			 * @example 23.5
			 */
			round_trip_ms?: number;
			/**
			 * @description Its session. Told only to who administers the room.
			 * @example 5VJTE4J6W3KQCZ2LXSOMRH7YAG
			 */
			session?: string;
			/**
			 * Format: date-time
			 * @description When it came.
			 * @example 2026-01-31T18:00:00Z
			 */
			since: string;
			/**
			 * @description Who it is, by its token. Told only to who administers the room.
			 * @example alice
			 */
			subject?: string;
			/** @description What it sends. */
			tracks: components["schemas"]["LiveTrack"][];
		};
		LiveRecording: {
			/**
			 * Format: int64
			 * @description How much has been written.
			 * @example 20500000
			 */
			bytes: number;
			/**
			 * Format: int64
			 * @description In how many stretches media is missing so far.
			 * @example 0
			 */
			gaps: number;
			/**
			 * @description Why nothing can be written now, for people; missing while it can.
			 * @example no space left on device
			 */
			trouble?: string;
		};
		LiveRoom: {
			/**
			 * @description Whether the publisher was lost and may come back, while its subscribers stay.
			 * @example false
			 */
			awaiting: boolean;
			/** @description Who publishes; missing while nobody does. */
			publisher?: components["schemas"]["LivePublisher"];
			/** @description How its recording stands. */
			recording: components["schemas"]["RoomRecording"];
			/**
			 * Format: int64
			 * @description How many subscribers there are, those too who are not connected yet.
			 * @example 120
			 */
			subscribers: number;
		};
		LiveTrack: {
			/**
			 * @description Its encoding.
			 * @example VP8
			 */
			codec: string;
			/**
			 * @description Sound or picture.
			 * @example video
			 */
			kind: components["schemas"]["MediaKind"];
		};
		/**
		 * @description Sound or picture.
		 * @enum {string}
		 */
		MediaKind: "audio" | "video";
		Milestone: {
			/**
			 * Format: double
			 * @description How long after its offer, in milliseconds.
			 * @example 180.5
			 */
			after_ms: number;
			/**
			 * Format: date-time
			 * @description When.
			 * @example 2026-01-31T18:00:00.1805Z
			 */
			at: string;
			/**
			 * @description What has happened, for programs: its offer came (offered), its client told the first ICE candidate (candidates), ICE chose a pair (paired), DTLS was up (secured), the first packet of media came or left (media), the first key frame began to (keyframe), a whole one had gone to a subscriber (picture), a recording had media of it (recorded), it ended (ended).
			 * @example secured
			 */
			step: string;
			/**
			 * @description The same for people.
			 * @example DTLS was up, so that media could flow
			 */
			words: string;
		};
		NewRoomToken: {
			/**
			 * @description What it allows in the room.
			 * @example publish
			 */
			action: components["schemas"]["RoomTokenAction"];
			/**
			 * Format: date-time
			 * @description When it was made.
			 * @example 2026-01-31T18:00:00Z
			 */
			created: string;
			/**
			 * Format: date-time
			 * @description When it ends, and the sessions that it began with it; missing where it never does.
			 * @example 2026-03-01T00:00:00Z
			 */
			expires?: string;
			/**
			 * @description Its id, which is no secret.
			 * @example WQ3KDM7XZV5BTNJ2RLYOHC6S4A
			 */
			id: string;
			/**
			 * @description For people: whose it is.
			 * @example encoder in the large hall
			 */
			label?: string;
			/**
			 * @description Who its bearer is, as sessions and the audit trail have it. A token that takes its place has the same.
			 * @example token:WQ3KDM7XZV5BTNJ2RLYOHC6S4A
			 */
			subject: string;
			/**
			 * @description What its bearer shows. It is told this once and kept nowhere: store it now.
			 * @example rostrum.demo.LZ5H3Q7WBXNT2KRCVJ6YSODM4E
			 */
			token: string;
		};
		Problem: {
			/**
			 * @description What went wrong, for programs. It stays the same when the words change.
			 * @example room_busy
			 */
			code: string;
			/**
			 * @description What went wrong here, and what to do next.
			 * @example The room has a publisher.
			 */
			detail: string;
			/**
			 * @description Whether the same request may succeed later.
			 * @example true
			 */
			retryable: boolean;
			/**
			 * Format: int64
			 * @description The HTTP status.
			 * @example 409
			 */
			status: number;
			/**
			 * @description The status in words.
			 * @example Conflict
			 */
			title: string;
			/**
			 * @description Always about:blank: the code tells the kinds apart.
			 * @example about:blank
			 */
			type: string;
		};
		Readiness: {
			/** @description How the database stands. */
			database: components["schemas"]["DatabaseReadiness"];
			/**
			 * @description Ready, ready but without the database (degraded), or not ready.
			 * @example ready
			 * @enum {string}
			 */
			status: "ready" | "degraded" | "unavailable";
		};
		RecordedAudio: {
			/**
			 * @description Its encoding.
			 * @example OPUS
			 */
			codec: string;
			/**
			 * Format: int64
			 * @description How many there are.
			 * @example 180000
			 */
			packets: number;
		};
		RecordedVideo: {
			/**
			 * @description Its encoding.
			 * @example VP8
			 */
			codec: string;
			/**
			 * Format: int64
			 * @description In pixels.
			 * @example 720
			 */
			height: number;
			/**
			 * Format: int64
			 * @description How many there are.
			 * @example 108000
			 */
			pictures: number;
			/**
			 * Format: int64
			 * @description In pixels.
			 * @example 1280
			 */
			width: number;
		};
		Recording: {
			/** @description The sound of the first part that has one, with the packets of all parts. */
			audio?: components["schemas"]["RecordedAudio"];
			/**
			 * Format: int64
			 * @description How large its media is; so far, while it is being written.
			 * @example 412000000
			 */
			bytes: number;
			/**
			 * Format: double
			 * @description How long its media lasts; so far, while it is being written.
			 * @example 3600.5
			 */
			duration_seconds: number;
			/**
			 * Format: date-time
			 * @description When it ended; missing while it is being written.
			 * @example 2026-01-31T19:00:00Z
			 */
			ended?: string;
			/** @description What has failed since the last step that did not. */
			failure?: components["schemas"]["RecordingFailure"];
			/**
			 * Format: int64
			 * @description In how many stretches media is missing.
			 * @example 0
			 */
			gap_count: number;
			/**
			 * @description Its id.
			 * @example KZ7N4Q2WSXB5JTE3VLMOYRH6CA
			 */
			id: string;
			/**
			 * @description What the keys of its objects in the store begin with.
			 * @example demo/2026-01-31/KZ7N4Q2WSXB5JTE3VLMOYRH6CA
			 */
			key: string;
			/** @description How it goes, while it is being written. */
			live?: components["schemas"]["LiveRecording"];
			/**
			 * Format: int64
			 * @description How many media files it has.
			 * @example 1
			 */
			part_count: number;
			/**
			 * @description The room that it is of.
			 * @example demo
			 */
			room: string;
			/**
			 * @description The publisher's session that it began with.
			 * @example 5VJTE4J6W3KQCZ2LXSOMRH7YAG
			 */
			session: string;
			/**
			 * Format: date-time
			 * @description When its first packet came.
			 * @example 2026-01-31T18:00:00Z
			 */
			started: string;
			/**
			 * @description How far it has come: its media is being written (started), is whole and waits (finalized), is on its way into the store (uploading), is there and verified (stored), or gets no further for now and is tried again (failed).
			 * @example stored
			 */
			state: components["schemas"]["RecordingState"];
			/**
			 * Format: date-time
			 * @description When the store had confirmed all of it.
			 * @example 2026-01-31T19:01:00Z
			 */
			stored?: string;
			/**
			 * Format: int64
			 * @description How much of it has reached the store.
			 * @example 412000000
			 */
			uploaded_bytes: number;
			/** @description The picture of the first part that has one, with the pictures of all parts. */
			video?: components["schemas"]["RecordedVideo"];
		};
		RecordingDetail: {
			/** @description The sound of the first part that has one, with the packets of all parts. */
			audio?: components["schemas"]["RecordedAudio"];
			/**
			 * Format: int64
			 * @description How large its media is; so far, while it is being written.
			 * @example 412000000
			 */
			bytes: number;
			/**
			 * Format: double
			 * @description How long its media lasts; so far, while it is being written.
			 * @example 3600.5
			 */
			duration_seconds: number;
			/**
			 * Format: date-time
			 * @description When it ended; missing while it is being written.
			 * @example 2026-01-31T19:00:00Z
			 */
			ended?: string;
			/** @description What has failed since the last step that did not. */
			failure?: components["schemas"]["RecordingFailure"];
			/**
			 * Format: int64
			 * @description In how many stretches media is missing.
			 * @example 0
			 */
			gap_count: number;
			/**
			 * @description Its id.
			 * @example KZ7N4Q2WSXB5JTE3VLMOYRH6CA
			 */
			id: string;
			/**
			 * @description What the keys of its objects in the store begin with.
			 * @example demo/2026-01-31/KZ7N4Q2WSXB5JTE3VLMOYRH6CA
			 */
			key: string;
			/** @description How it goes, while it is being written. */
			live?: components["schemas"]["LiveRecording"];
			/**
			 * Format: int64
			 * @description How many media files it has.
			 * @example 1
			 */
			part_count: number;
			/** @description Its media files, in the order in which they play; none before it has ended. */
			parts: components["schemas"]["RecordingPart"][];
			/**
			 * @description The room that it is of.
			 * @example demo
			 */
			room: string;
			/**
			 * @description The publisher's session that it began with.
			 * @example 5VJTE4J6W3KQCZ2LXSOMRH7YAG
			 */
			session: string;
			/**
			 * Format: date-time
			 * @description When its first packet came.
			 * @example 2026-01-31T18:00:00Z
			 */
			started: string;
			/**
			 * @description How far it has come: its media is being written (started), is whole and waits (finalized), is on its way into the store (uploading), is there and verified (stored), or gets no further for now and is tried again (failed).
			 * @example stored
			 */
			state: components["schemas"]["RecordingState"];
			/**
			 * Format: date-time
			 * @description When the store had confirmed all of it.
			 * @example 2026-01-31T19:01:00Z
			 */
			stored?: string;
			/**
			 * Format: int64
			 * @description How much of it has reached the store.
			 * @example 412000000
			 */
			uploaded_bytes: number;
			/** @description The picture of the first part that has one, with the pictures of all parts. */
			video?: components["schemas"]["RecordedVideo"];
		};
		RecordingFailure: {
			/**
			 * Format: int64
			 * @description How many have failed one after another.
			 * @example 3
			 */
			attempts: number;
			/**
			 * @description The state that it goes on from.
			 * @example uploading
			 * @enum {string}
			 */
			during: "started" | "finalized" | "uploading";
			/**
			 * Format: date-time
			 * @description When it is tried again.
			 * @example 2026-01-31T19:05:00Z
			 */
			next_try?: string;
			/**
			 * @description Why, for people.
			 * @example the store does not answer
			 */
			reason: string;
		};
		RecordingGap: {
			/**
			 * Format: double
			 * @description Since the part began.
			 * @example 12.5
			 */
			at_seconds: number;
			/**
			 * @description What is missing.
			 * @example video
			 */
			kind: components["schemas"]["MediaKind"];
			/**
			 * @description It never came (lost), it came faster than the disk took it (slow disk), or the disk refused it (disk full).
			 * @example lost
			 */
			reason: string;
			/**
			 * Format: double
			 * @description How long it is missing.
			 * @example 0.4
			 */
			seconds: number;
		};
		RecordingList: {
			/**
			 * @description The cursor of the next page; missing where there are no more.
			 * @example MTc2OTg4MjQwMDAwMDAwMHxLWjdONFEyV1NYQjVKVEUzVkxNT1lSSDZDQQ
			 */
			next_cursor?: string;
			/** @description Those that began last come first. There may be fewer than the limit, also where more follow. */
			recordings: components["schemas"]["Recording"][];
		};
		RecordingPart: {
			/** @description Its sound; missing where it has none. */
			audio?: components["schemas"]["RecordedAudio"];
			/**
			 * Format: int64
			 * @description How large it is.
			 * @example 412000000
			 */
			bytes: number;
			/**
			 * @description What the media is in.
			 * @example mp4
			 * @enum {string}
			 */
			container: "mp4" | "webm";
			/**
			 * Format: double
			 * @description How long it lasts.
			 * @example 3600.5
			 */
			duration_seconds: number;
			/**
			 * @description Its name, below the recording's key.
			 * @example part-001.mp4
			 */
			file: string;
			/** @description Where media is missing. */
			gaps: components["schemas"]["RecordingGap"][];
			/**
			 * @description The session whose media it is.
			 * @example 5VJTE4J6W3KQCZ2LXSOMRH7YAG
			 */
			publisher: string;
			/**
			 * @description Of the file, in hexadecimal.
			 * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
			 */
			sha256: string;
			/**
			 * Format: date-time
			 * @description When the first of it arrived.
			 * @example 2026-01-31T18:00:00Z
			 */
			started: string;
			/**
			 * Format: uri-reference
			 * @description Where the file can be played without a token, for one hour, relative to this server.
			 * @example /api/recordings/KZ7N4Q2WSXB5JTE3VLMOYRH6CA/media?expires=1769886000&part=part-001.mp4&signature=bGlrZSB0aGlz
			 */
			url: string;
			/** @description Its picture; missing where it is sound alone. */
			video?: components["schemas"]["RecordedVideo"];
		};
		RecordingRefusal: {
			/**
			 * @description As in problems.
			 * @example spool_full
			 */
			code: string;
			/**
			 * @description For people.
			 * @example The recording spool is full.
			 */
			reason: string;
		};
		/**
		 * @description How far a recording has come.
		 * @enum {string}
		 */
		RecordingState: "started" | "finalized" | "uploading" | "stored" | "failed";
		Room: {
			/**
			 * Format: date-time
			 * @description When what is kept of it was changed last.
			 * @example 2026-01-31T18:05:00Z
			 */
			changed?: string;
			/**
			 * Format: date-time
			 * @description When it was created; missing where it is not provisioned.
			 * @example 2026-01-31T18:00:00Z
			 */
			created?: string;
			/**
			 * @description Its name for people.
			 * @example All hands
			 */
			display_name?: string;
			/**
			 * Format: double
			 * @description How long a publisher that was lost has to come back; missing where the server decides. Told only to who administers the room.
			 * @example 10
			 */
			grace_seconds?: number;
			/**
			 * @description For programs. Told only to who administers the room.
			 * @example {
			 *       "team": "news"
			 *     }
			 */
			labels?: {
				[key: string]: string;
			};
			/** @description What there is of it now; missing while nobody is there. */
			live?: components["schemas"]["LiveRoom"];
			/**
			 * Format: int64
			 * @description How many may watch at once; missing where the server's limit holds. Told only to who administers the room.
			 * @example 250
			 */
			max_subscribers?: number;
			/**
			 * @description Its name.
			 * @example demo
			 */
			name: string;
			/**
			 * @description Whether it has been created, and is there also while nobody is in it. Other rooms come and go with who is in them.
			 * @example true
			 */
			provisioned: boolean;
			/**
			 * @description Whether what is published is recorded; missing where the server decides. Told only to who administers the room.
			 * @example true
			 */
			record?: boolean;
			/**
			 * Format: int64
			 * @description One more with each change of what is kept of it, its tokens too; the ETag is made of it and of when it was created. Missing where it is not provisioned.
			 * @example 3
			 */
			version?: number;
		};
		RoomChange: {
			/**
			 * @description Its name for people, without control characters.
			 * @example All hands
			 */
			display_name?: string | null;
			/**
			 * Format: double
			 * @description How long a publisher that was lost has to come back, while its subscribers stay. null leaves it to the server.
			 * @example 10
			 */
			grace_seconds?: number | null;
			/** @description For programs: at most 64. A key has 1 to 63 letters, digits, dots, underscores, hyphens or slashes, with a letter or digit at both ends; a value has at most 256 characters. A label that is null is taken away, one that is not given stays. */
			labels?: {
				[key: string]: string | null;
			} | null;
			/**
			 * Format: int32
			 * @description How many may watch at once. 0 and null leave it to the server.
			 * @example 250
			 */
			max_subscribers?: number | null;
			/**
			 * @description Whether what is published is recorded from the first packet on. null leaves it to the server.
			 * @example true
			 */
			record?: boolean | null;
		};
		RoomList: {
			/**
			 * @description The cursor of the next page; missing where there are no more.
			 * @example PmRlbW8
			 */
			next_cursor?: string;
			/** @description In the order of their names, byte by byte. There may be fewer than the limit, also where more follow. */
			rooms: components["schemas"]["Room"][];
		};
		RoomOrder: {
			/**
			 * @description Its name for people, without control characters.
			 * @example All hands
			 */
			display_name?: string | null;
			/**
			 * Format: double
			 * @description How long a publisher that was lost has to come back, while its subscribers stay. null leaves it to the server.
			 * @example 10
			 */
			grace_seconds?: number | null;
			/** @description For programs: at most 64. A key has 1 to 63 letters, digits, dots, underscores, hyphens or slashes, with a letter or digit at both ends; a value has at most 256 characters. A label that is null is taken away, one that is not given stays. */
			labels?: {
				[key: string]: string | null;
			} | null;
			/**
			 * Format: int32
			 * @description How many may watch at once. 0 and null leave it to the server.
			 * @example 250
			 */
			max_subscribers?: number | null;
			/**
			 * @description Its name, which stays. Names differ by case.
			 * @example demo
			 */
			name: string;
			/**
			 * @description Whether what is published is recorded from the first packet on. null leaves it to the server.
			 * @example true
			 */
			record?: boolean | null;
		};
		RoomRecording: {
			/**
			 * Format: int64
			 * @description How much has been written.
			 * @example 20500000
			 */
			bytes: number;
			/**
			 * Format: int64
			 * @description In how many stretches media is missing so far.
			 * @example 0
			 */
			gaps: number;
			/**
			 * @description What is published now is recorded, also after a publisher that was lost has come back.
			 * @example true
			 */
			on: boolean;
			/**
			 * @description The recording's id. There is something to see of it from its first packet on.
			 * @example KZ7N4Q2WSXB5JTE3VLMOYRH6CA
			 */
			recording?: string;
			/** @description Why the room is not recorded although it is on. */
			refused?: components["schemas"]["RecordingRefusal"];
			/**
			 * Format: date-time
			 * @description When its first packet came; missing before.
			 * @example 2026-01-31T18:00:00Z
			 */
			started?: string;
			/**
			 * @description Why nothing can be written now, for people; missing while it can.
			 * @example no space left on device
			 */
			trouble?: string;
		};
		RoomToken: {
			/**
			 * @description What it allows in the room.
			 * @example publish
			 */
			action: components["schemas"]["RoomTokenAction"];
			/**
			 * Format: date-time
			 * @description When it was made.
			 * @example 2026-01-31T18:00:00Z
			 */
			created: string;
			/**
			 * Format: date-time
			 * @description When it ends, and the sessions that it began with it; missing where it never does.
			 * @example 2026-03-01T00:00:00Z
			 */
			expires?: string;
			/**
			 * @description Its id, which is no secret.
			 * @example WQ3KDM7XZV5BTNJ2RLYOHC6S4A
			 */
			id: string;
			/**
			 * @description For people: whose it is.
			 * @example encoder in the large hall
			 */
			label?: string;
			/**
			 * @description Who its bearer is, as sessions and the audit trail have it. A token that takes its place has the same.
			 * @example token:WQ3KDM7XZV5BTNJ2RLYOHC6S4A
			 */
			subject: string;
		};
		/**
		 * @description What a token of a room allows there.
		 * @enum {string}
		 */
		RoomTokenAction: "publish" | "play";
		RoomTokenList: {
			/** @description Those that are valid, in the order in which they were made. */
			tokens: components["schemas"]["RoomToken"][];
		};
		RoomTokenOrder: {
			/**
			 * @description What it is to allow in the room.
			 * @example publish
			 */
			action: components["schemas"]["RoomTokenAction"];
			/**
			 * Format: date-time
			 * @description When it ends (RFC 3339). Without this and expires_in_seconds it never does.
			 * @example 2026-03-01T00:00:00Z
			 */
			expires?: string;
			/**
			 * Format: double
			 * @description After how long it ends, in place of expires.
			 * @example 86400
			 */
			expires_in_seconds?: number;
			/**
			 * @description For people: whose it is, without control characters.
			 * @example encoder in the large hall
			 */
			label?: string;
		};
		RoomTokenRotation: {
			/**
			 * Format: double
			 * @description How long the old one goes on besides the new one. With 0 it ends now, and the sessions that it began with it.
			 * @example 3600
			 */
			overlap_seconds: number;
		};
		SessionLife: {
			/**
			 * @description Where it came from, as much of it as the operator keeps.
			 * @example 192.0.2.0/24
			 */
			address?: string;
			/**
			 * @description The same for people.
			 * @example the publisher left
			 */
			because?: string;
			/**
			 * @description What it sent, or could receive.
			 * @example [
			 *       "VP8",
			 *       "OPUS"
			 *     ]
			 */
			codecs: string[];
			/**
			 * @description Why it failed, or what it lacks just now, and what to do about it, for people; missing where all is well.
			 * @example 12 packets of it never came: its network does not carry what it sends. Lower the encoder's bitrate, or use a better network.
			 */
			diagnosis?: string;
			/**
			 * Format: date-time
			 * @description When it ended; missing while it is live.
			 * @example 2026-01-31T19:00:00Z
			 */
			ended?: string;
			/**
			 * @description Its id.
			 * @example 5VJTE4J6W3KQCZ2LXSOMRH7YAG
			 */
			id: string;
			/** @description What has happened to it, in the order of time. What is missing has not happened. */
			life: components["schemas"]["Milestone"][];
			/**
			 * @description The server that it was at.
			 * @example north-1
			 */
			node?: string;
			/**
			 * @description Why it ended, for programs; missing while it is live.
			 * @example publisher_left
			 */
			reason?: string;
			/** @description How it went, or goes. */
			report: components["schemas"]["SessionReport"];
			/**
			 * @description Whether it sent or received.
			 * @example subscriber
			 */
			role: components["schemas"]["SessionRole"];
			/**
			 * @description The room that it was in.
			 * @example demo
			 */
			room: string;
			/**
			 * Format: date-time
			 * @description When its offer came.
			 * @example 2026-01-31T18:00:00Z
			 */
			started: string;
			/**
			 * @description Who it was, by its token.
			 * @example alice
			 */
			subject: string;
			/**
			 * @description The client's program, as it says itself.
			 * @example OBS-Studio/32.0
			 */
			user_agent?: string;
		};
		SessionList: {
			/**
			 * @description The cursor of the next page; missing where there are no more.
			 * @example MTc2OTg4MjQwMDAwMDAwMHw1VkpURTRKNlczS1FDWjJMWFNPTVJIN1lBRw
			 */
			next_cursor?: string;
			/** @description Those that began last come first. */
			sessions: components["schemas"]["SessionRecord"][];
		};
		SessionRecord: {
			/**
			 * @description Where it came from, as much of it as the operator keeps.
			 * @example 192.0.2.0/24
			 */
			address?: string;
			/**
			 * @description The same for people.
			 * @example the publisher left
			 */
			because?: string;
			/**
			 * @description What it sent, or could receive.
			 * @example [
			 *       "VP8",
			 *       "OPUS"
			 *     ]
			 */
			codecs: string[];
			/**
			 * @description Why it failed, or what it lacks just now, and what to do about it, for people; missing where all is well.
			 * @example 12 packets of it never came: its network does not carry what it sends. Lower the encoder's bitrate, or use a better network.
			 */
			diagnosis?: string;
			/**
			 * Format: date-time
			 * @description When it ended; missing while it is live.
			 * @example 2026-01-31T19:00:00Z
			 */
			ended?: string;
			/**
			 * @description Its id.
			 * @example 5VJTE4J6W3KQCZ2LXSOMRH7YAG
			 */
			id: string;
			/**
			 * @description The server that it was at.
			 * @example north-1
			 */
			node?: string;
			/**
			 * @description Why it ended, for programs; missing while it is live.
			 * @example publisher_left
			 */
			reason?: string;
			/** @description How it went, or goes. */
			report: components["schemas"]["SessionReport"];
			/**
			 * @description Whether it sent or received.
			 * @example subscriber
			 */
			role: components["schemas"]["SessionRole"];
			/**
			 * @description The room that it was in.
			 * @example demo
			 */
			room: string;
			/**
			 * Format: date-time
			 * @description When its offer came.
			 * @example 2026-01-31T18:00:00Z
			 */
			started: string;
			/**
			 * @description Who it was, by its token.
			 * @example alice
			 */
			subject: string;
			/**
			 * @description The client's program, as it says itself.
			 * @example OBS-Studio/32.0
			 */
			user_agent?: string;
		};
		SessionReport: {
			/**
			 * Format: int64
			 * @description In bit/s, over some seconds just now; 0 of a session that has ended.
			 * @example 2500000
			 */
			bitrate: number;
			/**
			 * Format: int64
			 * @description How much they had in them.
			 * @example 206000000
			 */
			bytes: number;
			/**
			 * @description The pair of candidates that ICE chose, the server's first; missing where it never did.
			 * @example udp 192.0.2.10 198.51.100.7
			 */
			candidate_pair?: string;
			/**
			 * Format: double
			 * @description From its offer until it was connected, DTLS included, in milliseconds; missing where it never was.
			 * @example 180.5
			 */
			connected_after_ms?: number;
			/**
			 * Format: int64
			 * @description How many packets this server lost: a publisher's for want of room, a subscriber's that could not be sent.
			 * @example 0
			 */
			dropped: number;
			/**
			 * @description How far DTLS came.
			 * @example connected
			 */
			dtls?: string;
			/**
			 * Format: int64
			 * @description In bit/s, what a subscriber thinks that its way carries; 0 where it never said.
			 * @example 6000000
			 */
			estimated_bitrate: number;
			/**
			 * @description What whoever publishes sends to a subscriber just now: video, with or without sound, or sound alone; missing where nobody does.
			 * @example video
			 */
			fed?: components["schemas"]["MediaKind"];
			/**
			 * Format: double
			 * @description From its offer until its client told the first ICE candidate, in milliseconds; missing where it told none.
			 * @example 10.5
			 */
			first_candidate_after_ms?: number;
			/**
			 * Format: double
			 * @description From its offer until its first key frame began, in milliseconds; missing where there was none.
			 * @example 250.5
			 */
			first_keyframe_after_ms?: number;
			/**
			 * Format: double
			 * @description From its offer until its first packet of media, in milliseconds; missing where none came.
			 * @example 240.5
			 */
			first_media_after_ms?: number;
			/**
			 * Format: double
			 * @description From its offer until there was something to see, a whole key frame, in milliseconds: of a publisher by any subscriber, of a subscriber by itself; missing where there never was.
			 * @example 270.5
			 */
			first_picture_after_ms?: number;
			/**
			 * Format: int64
			 * @description How often ICE was restarted.
			 * @example 0
			 */
			ice_restarts: number;
			/**
			 * Format: int64
			 * @description How many key frames there were.
			 * @example 300
			 */
			keyframes: number;
			/**
			 * Format: int64
			 * @description How many packets never came: of a publisher for good, of a subscriber as it reports.
			 * @example 12
			 */
			lost: number;
			/**
			 * Format: int64
			 * @description How many of them are names that only the client's own network resolves.
			 * @example 1
			 */
			mdns_candidates: number;
			/**
			 * Format: int64
			 * @description How many packets there were.
			 * @example 180000
			 */
			packets: number;
			/**
			 * Format: double
			 * @description From its offer until ICE chose a pair of candidates, in milliseconds; missing where it never did.
			 * @example 60.5
			 */
			paired_after_ms?: number;
			/**
			 * Format: double
			 * @description From its offer until media of it was in a recording, in milliseconds; missing where none is.
			 * @example 255.5
			 */
			recorded_after_ms?: number;
			/**
			 * @description The first recording that has media of a publisher; missing where none has.
			 * @example KZ7N4Q2WSXB5JTE3VLMOYRH6CA
			 */
			recording?: string;
			/**
			 * @description Why its offer was refused, for people; missing where it was answered.
			 * @example The offer and the stream have no codec in common.
			 */
			refusal?: string;
			/**
			 * Format: int64
			 * @description How many candidates the client has told since ICE began or was restarted.
			 * @example 4
			 */
			remote_candidates: number;
			/**
			 * Format: int64
			 * @description How many packets a subscriber asked for again and got.
			 * @example 40
			 */
			resent: number;
			/**
			 * Format: double
			 * @description To the client and back, in milliseconds, as ICE measured it last; missing where it never did.
			 * @example 23.5
			 */
			round_trip_ms?: number;
		};
		/**
		 * @description Whether a session sends or receives.
		 * @enum {string}
		 */
		SessionRole: "publisher" | "subscriber";
	};
	responses: never;
	parameters: never;
	requestBodies: never;
	headers: {
		/** @description Requests that an address may make in each interval; missing where there is no limit. */
		"RateLimit-Limit": number;
		/** @description Requests that are left of them. */
		"RateLimit-Remaining": number;
		/** @description Seconds until the interval is over. */
		"RateLimit-Reset": number;
		/** @description Seconds after which trying again can help; missing where it cannot. */
		"Retry-After": number;
		/** @description How to authenticate (RFC 6750 §3). */
		"WWW-Authenticate": string;
	};
	pathItems: never;
}
export interface operations {
	exportAudit: {
		parameters: {
			query?: {
				/** @description Entries behind the one with this number. */
				after?: number;
				/** @description How many entries at most; all where it is not said. */
				limit?: number;
				/** @description Entries of what was done at this time or later (RFC 3339). */
				from?: string;
				/** @description Entries of what was done earlier (RFC 3339). */
				before?: string;
			};
			header?: never;
			path?: never;
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The entries, one a line. */
			200: {
				headers: {
					/** @description The name to save it under. */
					"Content-Disposition"?: string;
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "number": 4711,
					 *       "at": "2026-01-31T18:00:00Z",
					 *       "subject": "carol",
					 *       "from": "192.0.2.0/24",
					 *       "act": "room.change",
					 *       "object": "demo",
					 *       "detail": ""
					 *     } */
					"application/jsonl": components["schemas"]["AuditEntry"];
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	listRecordings: {
		parameters: {
			query?: {
				/** @description Recordings of this room alone. */
				room?: string;
				/**
				 * @description Recordings in this state alone; repeat it for several.
				 * @example [
				 *       "uploading",
				 *       "failed"
				 *     ]
				 */
				state?: components["schemas"]["RecordingState"][];
				/** @description How many recordings are told of at once. */
				limit?: number;
				/** @description The next_cursor of the page before. */
				cursor?: string;
				/** @description Recordings that began at this time or later (RFC 3339). */
				from?: string;
				/** @description Recordings that began earlier (RFC 3339). */
				before?: string;
			};
			header?: never;
			path?: never;
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description OK */
			200: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "next_cursor": "MTc2OTg4MjQwMDAwMDAwMHxLWjdONFEyV1NYQjVKVEUzVkxNT1lSSDZDQQ",
					 *       "recordings": [
					 *         {
					 *           "audio": {
					 *             "codec": "OPUS",
					 *             "packets": 180000
					 *           },
					 *           "bytes": 412000000,
					 *           "duration_seconds": 3600.5,
					 *           "ended": "2026-01-31T19:00:00Z",
					 *           "gap_count": 0,
					 *           "id": "KZ7N4Q2WSXB5JTE3VLMOYRH6CA",
					 *           "key": "demo/2026-01-31/KZ7N4Q2WSXB5JTE3VLMOYRH6CA",
					 *           "part_count": 1,
					 *           "room": "demo",
					 *           "session": "5VJTE4J6W3KQCZ2LXSOMRH7YAG",
					 *           "started": "2026-01-31T18:00:00Z",
					 *           "state": "stored",
					 *           "stored": "2026-01-31T19:01:00Z",
					 *           "uploaded_bytes": 412000000,
					 *           "video": {
					 *             "codec": "VP8",
					 *             "height": 720,
					 *             "pictures": 108000,
					 *             "width": 1280
					 *           }
					 *         }
					 *       ]
					 *     } */
					"application/json": components["schemas"]["RecordingList"];
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	getRecording: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The recording's id. */
				recording: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description OK */
			200: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "audio": {
					 *         "codec": "OPUS",
					 *         "packets": 180000
					 *       },
					 *       "bytes": 412000000,
					 *       "duration_seconds": 3600.5,
					 *       "ended": "2026-01-31T19:00:00Z",
					 *       "gap_count": 0,
					 *       "id": "KZ7N4Q2WSXB5JTE3VLMOYRH6CA",
					 *       "key": "demo/2026-01-31/KZ7N4Q2WSXB5JTE3VLMOYRH6CA",
					 *       "part_count": 1,
					 *       "parts": [
					 *         {
					 *           "audio": {
					 *             "codec": "OPUS",
					 *             "packets": 180000
					 *           },
					 *           "bytes": 412000000,
					 *           "container": "mp4",
					 *           "duration_seconds": 3600.5,
					 *           "file": "part-001.mp4",
					 *           "gaps": [
					 *             {
					 *               "at_seconds": 12.5,
					 *               "kind": "video",
					 *               "reason": "lost",
					 *               "seconds": 0.4
					 *             }
					 *           ],
					 *           "publisher": "5VJTE4J6W3KQCZ2LXSOMRH7YAG",
					 *           "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
					 *           "started": "2026-01-31T18:00:00Z",
					 *           "url": "/api/recordings/KZ7N4Q2WSXB5JTE3VLMOYRH6CA/media?expires=1769886000&part=part-001.mp4&signature=bGlrZSB0aGlz",
					 *           "video": {
					 *             "codec": "VP8",
					 *             "height": 720,
					 *             "pictures": 108000,
					 *             "width": 1280
					 *           }
					 *         }
					 *       ],
					 *       "room": "demo",
					 *       "session": "5VJTE4J6W3KQCZ2LXSOMRH7YAG",
					 *       "started": "2026-01-31T18:00:00Z",
					 *       "state": "stored",
					 *       "stored": "2026-01-31T19:01:00Z",
					 *       "uploaded_bytes": 412000000,
					 *       "video": {
					 *         "codec": "VP8",
					 *         "height": 720,
					 *         "pictures": 108000,
					 *         "width": 1280
					 *       }
					 *     } */
					"application/json": components["schemas"]["RecordingDetail"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	deleteRecording: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The recording's id. */
				recording: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description It is erased. */
			204: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Conflict */
			409: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	getRecordingMedia: {
		parameters: {
			query?: {
				/** @description The file's name; the first part where it is not said. */
				part?: string;
				/** @description true has a browser save it under a name that tells room and time. */
				download?: "true" | "false";
				/** @description Of a link: until when it holds, in seconds since 1970. */
				expires?: string;
				/** @description Of a link: that it was given out here. */
				signature?: string;
			};
			header?: {
				/** @description The one range of bytes that is wanted; several at once get the whole. */
				Range?: string;
				/** @description The range is wanted of the file with this ETag alone; of another one the whole. */
				"If-Range"?: string;
				/** @description The file is not wanted again if it has this ETag. */
				"If-None-Match"?: string;
			};
			path: {
				/** @description The recording's id. */
				recording: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The file. */
			200: {
				headers: {
					/** @description That ranges may be asked for. */
					"Accept-Ranges"?: string;
					/** @description The name to save it under, where download was asked for. */
					"Content-Disposition"?: string;
					/** @description The file's SHA-256, for If-Range and If-None-Match. */
					ETag?: string;
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					"audio/mp4": string;
					"audio/webm": string;
					"video/mp4": string;
					"video/webm": string;
				};
			};
			/** @description The range of it. */
			206: {
				headers: {
					/** @description That ranges may be asked for. */
					"Accept-Ranges"?: string;
					/** @description The name to save it under, where download was asked for. */
					"Content-Disposition"?: string;
					/** @description Which range it is, of how many bytes. */
					"Content-Range"?: string;
					/** @description The file's SHA-256, for If-Range and If-None-Match. */
					ETag?: string;
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					"audio/mp4": string;
					"audio/webm": string;
					"video/mp4": string;
					"video/webm": string;
				};
			};
			/** @description It is the one that If-None-Match names. */
			304: {
				headers: {
					/** @description The name to save it under, where download was asked for. */
					"Content-Disposition"?: string;
					/** @description The file's SHA-256, for If-Range and If-None-Match. */
					ETag?: string;
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description The store has it. */
			307: {
				headers: {
					/** @description Where, for one hour. */
					Location?: string;
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Conflict */
			409: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Precondition Failed */
			412: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Requested Range Not Satisfiable */
			416: {
				headers: {
					/** @description How long the file is. */
					"Content-Range"?: string;
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	retryRecording: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The recording's id. */
				recording: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description OK */
			200: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "audio": {
					 *         "codec": "OPUS",
					 *         "packets": 180000
					 *       },
					 *       "bytes": 412000000,
					 *       "duration_seconds": 3600.5,
					 *       "ended": "2026-01-31T19:00:00Z",
					 *       "gap_count": 0,
					 *       "id": "KZ7N4Q2WSXB5JTE3VLMOYRH6CA",
					 *       "key": "demo/2026-01-31/KZ7N4Q2WSXB5JTE3VLMOYRH6CA",
					 *       "part_count": 1,
					 *       "parts": [
					 *         {
					 *           "audio": {
					 *             "codec": "OPUS",
					 *             "packets": 180000
					 *           },
					 *           "bytes": 412000000,
					 *           "container": "mp4",
					 *           "duration_seconds": 3600.5,
					 *           "file": "part-001.mp4",
					 *           "gaps": [
					 *             {
					 *               "at_seconds": 12.5,
					 *               "kind": "video",
					 *               "reason": "lost",
					 *               "seconds": 0.4
					 *             }
					 *           ],
					 *           "publisher": "5VJTE4J6W3KQCZ2LXSOMRH7YAG",
					 *           "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
					 *           "started": "2026-01-31T18:00:00Z",
					 *           "url": "/api/recordings/KZ7N4Q2WSXB5JTE3VLMOYRH6CA/media?expires=1769886000&part=part-001.mp4&signature=bGlrZSB0aGlz",
					 *           "video": {
					 *             "codec": "VP8",
					 *             "height": 720,
					 *             "pictures": 108000,
					 *             "width": 1280
					 *           }
					 *         }
					 *       ],
					 *       "room": "demo",
					 *       "session": "5VJTE4J6W3KQCZ2LXSOMRH7YAG",
					 *       "started": "2026-01-31T18:00:00Z",
					 *       "state": "stored",
					 *       "stored": "2026-01-31T19:01:00Z",
					 *       "uploaded_bytes": 412000000,
					 *       "video": {
					 *         "codec": "VP8",
					 *         "height": 720,
					 *         "pictures": 108000,
					 *         "width": 1280
					 *       }
					 *     } */
					"application/json": components["schemas"]["RecordingDetail"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Conflict */
			409: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	listRooms: {
		parameters: {
			query?: {
				/** @description Rooms whose names begin with this alone. */
				prefix?: string;
				/** @description Rooms with this label alone: key, or key=value. It finds only rooms that the bearer administers. */
				label?: string;
				/** @description Rooms that somebody is in alone. */
				live?: boolean;
				/** @description How many rooms are told of at once. */
				limit?: number;
				/** @description The next_cursor of the page before. */
				cursor?: string;
			};
			header?: never;
			path?: never;
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description OK */
			200: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "next_cursor": "PmRlbW8",
					 *       "rooms": [
					 *         {
					 *           "changed": "2026-01-31T18:05:00Z",
					 *           "created": "2026-01-31T18:00:00Z",
					 *           "display_name": "All hands",
					 *           "grace_seconds": 10,
					 *           "labels": {
					 *             "team": "news"
					 *           },
					 *           "live": {
					 *             "awaiting": false,
					 *             "publisher": {
					 *               "bitrate": 2500000,
					 *               "bytes": 206000000,
					 *               "connected": true,
					 *               "keyframes": 300,
					 *               "lost": 12,
					 *               "packets": 180000,
					 *               "round_trip_ms": 23.5,
					 *               "session": "5VJTE4J6W3KQCZ2LXSOMRH7YAG",
					 *               "since": "2026-01-31T18:00:00Z",
					 *               "subject": "alice",
					 *               "tracks": [
					 *                 {
					 *                   "codec": "VP8",
					 *                   "kind": "video"
					 *                 }
					 *               ]
					 *             },
					 *             "recording": {
					 *               "bytes": 20500000,
					 *               "gaps": 0,
					 *               "on": true,
					 *               "recording": "KZ7N4Q2WSXB5JTE3VLMOYRH6CA",
					 *               "started": "2026-01-31T18:00:00Z"
					 *             },
					 *             "subscribers": 120
					 *           },
					 *           "max_subscribers": 250,
					 *           "name": "demo",
					 *           "provisioned": true,
					 *           "record": true,
					 *           "version": 3
					 *         }
					 *       ]
					 *     } */
					"application/json": components["schemas"]["RoomList"];
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	createRoom: {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** @description The room. */
		requestBody: {
			content: {
				/** @example {
				 *       "display_name": "All hands",
				 *       "grace_seconds": 10,
				 *       "labels": {
				 *         "team": "news"
				 *       },
				 *       "max_subscribers": 250,
				 *       "name": "demo",
				 *       "record": true
				 *     } */
				"application/json": components["schemas"]["RoomOrder"];
			};
		};
		responses: {
			/** @description The room is there. */
			201: {
				headers: {
					/** @description The version of what is kept of the room, for If-Match; missing where it is not provisioned. What is live is no part of it. */
					ETag?: string;
					/** @description The room's URL. */
					Location?: string;
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "changed": "2026-01-31T18:05:00Z",
					 *       "created": "2026-01-31T18:00:00Z",
					 *       "display_name": "All hands",
					 *       "grace_seconds": 10,
					 *       "labels": {
					 *         "team": "news"
					 *       },
					 *       "live": {
					 *         "awaiting": false,
					 *         "publisher": {
					 *           "bitrate": 2500000,
					 *           "bytes": 206000000,
					 *           "connected": true,
					 *           "keyframes": 300,
					 *           "lost": 12,
					 *           "packets": 180000,
					 *           "round_trip_ms": 23.5,
					 *           "session": "5VJTE4J6W3KQCZ2LXSOMRH7YAG",
					 *           "since": "2026-01-31T18:00:00Z",
					 *           "subject": "alice",
					 *           "tracks": [
					 *             {
					 *               "codec": "VP8",
					 *               "kind": "video"
					 *             }
					 *           ]
					 *         },
					 *         "recording": {
					 *           "bytes": 20500000,
					 *           "gaps": 0,
					 *           "on": true,
					 *           "recording": "KZ7N4Q2WSXB5JTE3VLMOYRH6CA",
					 *           "started": "2026-01-31T18:00:00Z"
					 *         },
					 *         "subscribers": 120
					 *       },
					 *       "max_subscribers": 250,
					 *       "name": "demo",
					 *       "provisioned": true,
					 *       "record": true,
					 *       "version": 3
					 *     } */
					"application/json": components["schemas"]["Room"];
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Timeout */
			408: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Conflict */
			409: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Entity Too Large */
			413: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unsupported Media Type */
			415: {
				headers: {
					/** @description What is taken here. */
					"Accept-Encoding"?: string;
					/** @description What is taken here. */
					"Accept-Post"?: string;
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	getRoom: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description OK */
			200: {
				headers: {
					/** @description The version of what is kept of the room, for If-Match; missing where it is not provisioned. What is live is no part of it. */
					ETag?: string;
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "changed": "2026-01-31T18:05:00Z",
					 *       "created": "2026-01-31T18:00:00Z",
					 *       "display_name": "All hands",
					 *       "grace_seconds": 10,
					 *       "labels": {
					 *         "team": "news"
					 *       },
					 *       "live": {
					 *         "awaiting": false,
					 *         "publisher": {
					 *           "bitrate": 2500000,
					 *           "bytes": 206000000,
					 *           "connected": true,
					 *           "keyframes": 300,
					 *           "lost": 12,
					 *           "packets": 180000,
					 *           "round_trip_ms": 23.5,
					 *           "session": "5VJTE4J6W3KQCZ2LXSOMRH7YAG",
					 *           "since": "2026-01-31T18:00:00Z",
					 *           "subject": "alice",
					 *           "tracks": [
					 *             {
					 *               "codec": "VP8",
					 *               "kind": "video"
					 *             }
					 *           ]
					 *         },
					 *         "recording": {
					 *           "bytes": 20500000,
					 *           "gaps": 0,
					 *           "on": true,
					 *           "recording": "KZ7N4Q2WSXB5JTE3VLMOYRH6CA",
					 *           "started": "2026-01-31T18:00:00Z"
					 *         },
					 *         "subscribers": 120
					 *       },
					 *       "max_subscribers": 250,
					 *       "name": "demo",
					 *       "provisioned": true,
					 *       "record": true,
					 *       "version": 3
					 *     } */
					"application/json": components["schemas"]["Room"];
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	deleteRoom: {
		parameters: {
			query?: never;
			header?: {
				/** @description The ETag of the version of the room that this is meant for, a list of such, or * for whichever it is (RFC 9110 §13.1.1). Weak tags fit nothing. */
				"If-Match"?: string;
			};
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The room is deleted. */
			204: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Precondition Failed */
			412: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	changeRoom: {
		parameters: {
			query?: never;
			header: {
				/** @description The ETag of the version of the room that this is meant for, a list of such, or * for whichever it is (RFC 9110 §13.1.1). Weak tags fit nothing. */
				"If-Match": string;
			};
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		/** @description What is to be otherwise. */
		requestBody: {
			content: {
				/** @example {
				 *       "display_name": "All hands, in the large hall",
				 *       "labels": {
				 *         "floor": "2",
				 *         "team": null
				 *       },
				 *       "max_subscribers": null
				 *     } */
				"application/json": components["schemas"]["RoomChange"];
				/** @example {
				 *       "display_name": "All hands, in the large hall",
				 *       "labels": {
				 *         "floor": "2",
				 *         "team": null
				 *       },
				 *       "max_subscribers": null
				 *     } */
				"application/merge-patch+json": components["schemas"]["RoomChange"];
			};
		};
		responses: {
			/** @description The room as it is now. */
			200: {
				headers: {
					/** @description The version of what is kept of the room, for If-Match; missing where it is not provisioned. What is live is no part of it. */
					ETag?: string;
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "changed": "2026-01-31T18:05:00Z",
					 *       "created": "2026-01-31T18:00:00Z",
					 *       "display_name": "All hands",
					 *       "grace_seconds": 10,
					 *       "labels": {
					 *         "team": "news"
					 *       },
					 *       "live": {
					 *         "awaiting": false,
					 *         "publisher": {
					 *           "bitrate": 2500000,
					 *           "bytes": 206000000,
					 *           "connected": true,
					 *           "keyframes": 300,
					 *           "lost": 12,
					 *           "packets": 180000,
					 *           "round_trip_ms": 23.5,
					 *           "session": "5VJTE4J6W3KQCZ2LXSOMRH7YAG",
					 *           "since": "2026-01-31T18:00:00Z",
					 *           "subject": "alice",
					 *           "tracks": [
					 *             {
					 *               "codec": "VP8",
					 *               "kind": "video"
					 *             }
					 *           ]
					 *         },
					 *         "recording": {
					 *           "bytes": 20500000,
					 *           "gaps": 0,
					 *           "on": true,
					 *           "recording": "KZ7N4Q2WSXB5JTE3VLMOYRH6CA",
					 *           "started": "2026-01-31T18:00:00Z"
					 *         },
					 *         "subscribers": 120
					 *       },
					 *       "max_subscribers": 250,
					 *       "name": "demo",
					 *       "provisioned": true,
					 *       "record": true,
					 *       "version": 3
					 *     } */
					"application/json": components["schemas"]["Room"];
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Timeout */
			408: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Precondition Failed */
			412: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Entity Too Large */
			413: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unsupported Media Type */
			415: {
				headers: {
					/** @description What is taken here. */
					"Accept-Encoding"?: string;
					/** @description What is taken here. */
					"Accept-Patch"?: string;
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Precondition Required */
			428: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	endPublication: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The publication has ended. */
			204: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Conflict */
			409: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	getRoomRecording: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description OK */
			200: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "bytes": 20500000,
					 *       "gaps": 0,
					 *       "on": true,
					 *       "recording": "KZ7N4Q2WSXB5JTE3VLMOYRH6CA",
					 *       "started": "2026-01-31T18:00:00Z"
					 *     } */
					"application/json": components["schemas"]["RoomRecording"];
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	startRoomRecording: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description OK */
			200: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "bytes": 20500000,
					 *       "gaps": 0,
					 *       "on": true,
					 *       "recording": "KZ7N4Q2WSXB5JTE3VLMOYRH6CA",
					 *       "started": "2026-01-31T18:00:00Z"
					 *     } */
					"application/json": components["schemas"]["RoomRecording"];
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Conflict */
			409: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	stopRoomRecording: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description OK */
			200: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "bytes": 20500000,
					 *       "gaps": 0,
					 *       "on": true,
					 *       "recording": "KZ7N4Q2WSXB5JTE3VLMOYRH6CA",
					 *       "started": "2026-01-31T18:00:00Z"
					 *     } */
					"application/json": components["schemas"]["RoomRecording"];
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	listRoomSessions: {
		parameters: {
			query?: {
				/** @description Sessions of this role alone. */
				role?: components["schemas"]["SessionRole"];
				/** @description Sessions that have not ended alone. */
				live?: boolean;
				/** @description How many sessions are told of at once. */
				limit?: number;
				/** @description The next_cursor of the page before. */
				cursor?: string;
				/** @description Sessions that began at this time or later (RFC 3339). */
				from?: string;
				/** @description Sessions that began earlier (RFC 3339). */
				before?: string;
			};
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description OK */
			200: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "next_cursor": "MTc2OTg4MjQwMDAwMDAwMHw1VkpURTRKNlczS1FDWjJMWFNPTVJIN1lBRw",
					 *       "sessions": [
					 *         {
					 *           "address": "192.0.2.0/24",
					 *           "because": "the publisher left",
					 *           "codecs": [
					 *             "VP8",
					 *             "OPUS"
					 *           ],
					 *           "ended": "2026-01-31T19:00:00Z",
					 *           "id": "5VJTE4J6W3KQCZ2LXSOMRH7YAG",
					 *           "node": "north-1",
					 *           "reason": "publisher_left",
					 *           "report": {
					 *             "bitrate": 2500000,
					 *             "bytes": 206000000,
					 *             "candidate_pair": "udp 192.0.2.10 198.51.100.7",
					 *             "connected_after_ms": 180.5,
					 *             "dropped": 0,
					 *             "dtls": "connected",
					 *             "estimated_bitrate": 6000000,
					 *             "fed": "video",
					 *             "first_candidate_after_ms": 10.5,
					 *             "first_keyframe_after_ms": 250.5,
					 *             "first_media_after_ms": 240.5,
					 *             "first_picture_after_ms": 270.5,
					 *             "ice_restarts": 0,
					 *             "keyframes": 300,
					 *             "lost": 12,
					 *             "mdns_candidates": 1,
					 *             "packets": 180000,
					 *             "paired_after_ms": 60.5,
					 *             "remote_candidates": 4,
					 *             "resent": 40,
					 *             "round_trip_ms": 23.5
					 *           },
					 *           "role": "subscriber",
					 *           "room": "demo",
					 *           "started": "2026-01-31T18:00:00Z",
					 *           "subject": "alice",
					 *           "user_agent": "OBS-Studio/32.0"
					 *         }
					 *       ]
					 *     } */
					"application/json": components["schemas"]["SessionList"];
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	listRoomTokens: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description OK */
			200: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "tokens": [
					 *         {
					 *           "action": "publish",
					 *           "created": "2026-01-31T18:00:00Z",
					 *           "expires": "2026-03-01T00:00:00Z",
					 *           "id": "WQ3KDM7XZV5BTNJ2RLYOHC6S4A",
					 *           "label": "encoder in the large hall",
					 *           "subject": "token:WQ3KDM7XZV5BTNJ2RLYOHC6S4A"
					 *         }
					 *       ]
					 *     } */
					"application/json": components["schemas"]["RoomTokenList"];
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	createRoomToken: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		/** @description The token. */
		requestBody: {
			content: {
				/** @example {
				 *       "action": "publish",
				 *       "expires_in_seconds": 86400,
				 *       "label": "encoder in the large hall"
				 *     } */
				"application/json": components["schemas"]["RoomTokenOrder"];
			};
		};
		responses: {
			/** @description The token can be used. */
			201: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "action": "publish",
					 *       "created": "2026-01-31T18:00:00Z",
					 *       "expires": "2026-03-01T00:00:00Z",
					 *       "id": "WQ3KDM7XZV5BTNJ2RLYOHC6S4A",
					 *       "label": "encoder in the large hall",
					 *       "subject": "token:WQ3KDM7XZV5BTNJ2RLYOHC6S4A",
					 *       "token": "rostrum.demo.LZ5H3Q7WBXNT2KRCVJ6YSODM4E"
					 *     } */
					"application/json": components["schemas"]["NewRoomToken"];
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Timeout */
			408: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Conflict */
			409: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Entity Too Large */
			413: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unsupported Media Type */
			415: {
				headers: {
					/** @description What is taken here. */
					"Accept-Encoding"?: string;
					/** @description What is taken here. */
					"Accept-Post"?: string;
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	revokeRoomToken: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
				/** @description The token's id, not the token itself. */
				token: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The token is revoked. */
			204: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	rotateRoomToken: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
				/** @description The token's id, not the token itself. */
				token: string;
			};
			cookie?: never;
		};
		/** @description How the old one ends. */
		requestBody: {
			content: {
				/** @example {
				 *       "overlap_seconds": 3600
				 *     } */
				"application/json": components["schemas"]["RoomTokenRotation"];
			};
		};
		responses: {
			/** @description The new token can be used. */
			201: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "action": "publish",
					 *       "created": "2026-01-31T18:00:00Z",
					 *       "expires": "2026-03-01T00:00:00Z",
					 *       "id": "WQ3KDM7XZV5BTNJ2RLYOHC6S4A",
					 *       "label": "encoder in the large hall",
					 *       "subject": "token:WQ3KDM7XZV5BTNJ2RLYOHC6S4A",
					 *       "token": "rostrum.demo.LZ5H3Q7WBXNT2KRCVJ6YSODM4E"
					 *     } */
					"application/json": components["schemas"]["NewRoomToken"];
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Timeout */
			408: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Conflict */
			409: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Entity Too Large */
			413: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unsupported Media Type */
			415: {
				headers: {
					/** @description What is taken here. */
					"Accept-Encoding"?: string;
					/** @description What is taken here. */
					"Accept-Post"?: string;
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	listSessions: {
		parameters: {
			query?: {
				/** @description Sessions of this room alone. */
				room?: string;
				/** @description Sessions of this role alone. */
				role?: components["schemas"]["SessionRole"];
				/** @description Sessions that have not ended alone. */
				live?: boolean;
				/** @description How many sessions are told of at once. */
				limit?: number;
				/** @description The next_cursor of the page before. */
				cursor?: string;
				/** @description Sessions that began at this time or later (RFC 3339). */
				from?: string;
				/** @description Sessions that began earlier (RFC 3339). */
				before?: string;
			};
			header?: never;
			path?: never;
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description OK */
			200: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "next_cursor": "MTc2OTg4MjQwMDAwMDAwMHw1VkpURTRKNlczS1FDWjJMWFNPTVJIN1lBRw",
					 *       "sessions": [
					 *         {
					 *           "address": "192.0.2.0/24",
					 *           "because": "the publisher left",
					 *           "codecs": [
					 *             "VP8",
					 *             "OPUS"
					 *           ],
					 *           "ended": "2026-01-31T19:00:00Z",
					 *           "id": "5VJTE4J6W3KQCZ2LXSOMRH7YAG",
					 *           "node": "north-1",
					 *           "reason": "publisher_left",
					 *           "report": {
					 *             "bitrate": 2500000,
					 *             "bytes": 206000000,
					 *             "candidate_pair": "udp 192.0.2.10 198.51.100.7",
					 *             "connected_after_ms": 180.5,
					 *             "dropped": 0,
					 *             "dtls": "connected",
					 *             "estimated_bitrate": 6000000,
					 *             "fed": "video",
					 *             "first_candidate_after_ms": 10.5,
					 *             "first_keyframe_after_ms": 250.5,
					 *             "first_media_after_ms": 240.5,
					 *             "first_picture_after_ms": 270.5,
					 *             "ice_restarts": 0,
					 *             "keyframes": 300,
					 *             "lost": 12,
					 *             "mdns_candidates": 1,
					 *             "packets": 180000,
					 *             "paired_after_ms": 60.5,
					 *             "remote_candidates": 4,
					 *             "resent": 40,
					 *             "round_trip_ms": 23.5
					 *           },
					 *           "role": "subscriber",
					 *           "room": "demo",
					 *           "started": "2026-01-31T18:00:00Z",
					 *           "subject": "alice",
					 *           "user_agent": "OBS-Studio/32.0"
					 *         }
					 *       ]
					 *     } */
					"application/json": components["schemas"]["SessionList"];
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	getSession: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The session's id, as the Location of its 201 has it: what stands behind /api/whip/sessions/ or /api/whep/sessions/. */
				session: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description OK */
			200: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					"application/json": components["schemas"]["SessionLife"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	probePlayEndpoint: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description There is an endpoint here. */
			204: {
				headers: {
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	playStream: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		/** @description The SDP offer. */
		requestBody: {
			content: {
				/** @example v=0
				 *     o=- 123456789 2 IN IP4 127.0.0.1
				 *     s=-
				 *     t=0 0
				 *     a=group:BUNDLE 0
				 *     m=video 9 UDP/TLS/RTP/SAVPF 96
				 *     c=IN IP4 0.0.0.0
				 *     a=mid:0
				 *     a=recvonly
				 *     a=rtcp-mux
				 *     a=rtpmap:96 VP8/90000
				 *     a=ice-ufrag:EsAw
				 *     a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
				 *     a=setup:actpass
				 *     a=fingerprint:sha-256 19:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2
				 *      */
				"application/sdp": string;
			};
		};
		responses: {
			/** @description The session has begun. Media flows when ICE and DTLS have connected and somebody publishes. */
			201: {
				headers: {
					/** @description What to PATCH the session's URL with. */
					"Accept-Patch"?: string;
					/** @description The tag of the ICE session, for the If-Match of a PATCH. */
					ETag?: string;
					/** @description A STUN or TURN server that the operator names, a line for each URL (RFC 9725 §4.6). */
					Link?: string;
					/** @description The session's URL: PATCH it to trickle ICE candidates, DELETE it to end the session. */
					Location?: string;
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example v=0
					 *     o=- 4962303333179871722 1 IN IP4 0.0.0.0
					 *     s=-
					 *     t=0 0
					 *     a=group:BUNDLE 0
					 *     m=video 9 UDP/TLS/RTP/SAVPF 96
					 *     c=IN IP4 0.0.0.0
					 *     a=mid:0
					 *     a=sendonly
					 *     a=rtcp-mux
					 *     a=rtpmap:96 VP8/90000
					 *     a=ssrc:2882400018 cname:rostrum
					 *     a=ssrc:2882400018 msid:rostrum video
					 *     a=msid:rostrum video
					 *     a=ice-ufrag:lYXqhCDh
					 *     a=ice-pwd:VEmVqZGHJLmNeRTyRUNxZmWfyUxZAbCD
					 *     a=setup:active
					 *     a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34:8E:5E:EA:6F:AF:52:CE:E6:0F
					 *     a=candidate:1 1 udp 2130706431 192.0.2.10 8189 typ host
					 *     a=end-of-candidates
					 *      */
					"application/sdp": string;
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Timeout */
			408: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Entity Too Large */
			413: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unsupported Media Type */
			415: {
				headers: {
					/** @description What is taken here. */
					"Accept-Encoding"?: string;
					/** @description What is taken here. */
					"Accept-Post"?: string;
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unprocessable Entity */
			422: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	optionsPlayEndpoint: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description What may be done. */
			204: {
				headers: {
					/** @description What to POST. */
					"Accept-Post"?: string;
					/** @description The methods of all paths together. */
					"Access-Control-Allow-Methods"?: string;
					/** @description The methods of this path. */
					Allow?: string;
					/** @description A STUN or TURN server that the operator names, a line for each URL (RFC 9725 §4.6). */
					Link?: string;
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	discoverPlayEndpoint: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description There is a WHEP endpoint here. */
			200: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/sdp": unknown;
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	probePlaySession: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The session's id, as the Location of its 201 has it: what stands behind /api/whep/sessions/. */
				session: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The session lives. */
			204: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	endPlaySession: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The session's id, as the Location of its 201 has it: what stands behind /api/whep/sessions/. */
				session: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The session has ended. */
			200: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	optionsPlaySession: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The session's id, as the Location of its 201 has it: what stands behind /api/whep/sessions/. */
				session: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description What may be done. */
			204: {
				headers: {
					/** @description What to PATCH with. */
					"Accept-Patch"?: string;
					/** @description The methods of all paths together. */
					"Access-Control-Allow-Methods"?: string;
					/** @description The methods of this path. */
					Allow?: string;
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	trickleIcePlaySession: {
		parameters: {
			query?: never;
			header: {
				/** @description The ETag of the ICE session that the fragment is for, a list of such, or * for whichever it is (RFC 9110 §13.1.1). Weak tags fit nothing. */
				"If-Match": string;
			};
			path: {
				/** @description The session's id, as the Location of its 201 has it: what stands behind /api/whep/sessions/. */
				session: string;
			};
			cookie?: never;
		};
		/** @description The fragment. */
		requestBody: {
			content: {
				/** @example a=ice-ufrag:EsAw
				 *     a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
				 *     m=video 9 UDP/TLS/RTP/SAVPF 96
				 *     a=mid:0
				 *     a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host
				 *     a=end-of-candidates
				 *      */
				"application/trickle-ice-sdpfrag": string;
			};
		};
		responses: {
			/** @description ICE has been restarted. The body has the server's new credentials and all its candidates. */
			200: {
				headers: {
					/** @description The tag of the new ICE session. */
					ETag?: string;
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example a=ice-options:trickle ice2
					 *     a=ice-ufrag:ysXw
					 *     a=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k
					 *     m=video 9 UDP/TLS/RTP/SAVPF 96
					 *     a=mid:0
					 *     a=candidate:1 1 udp 2130706431 192.0.2.10 8189 typ host
					 *     a=end-of-candidates
					 *      */
					"application/trickle-ice-sdpfrag": string;
				};
			};
			/** @description The candidates have been taken. */
			204: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Timeout */
			408: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Precondition Failed */
			412: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Entity Too Large */
			413: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unsupported Media Type */
			415: {
				headers: {
					/** @description What is taken here. */
					"Accept-Encoding"?: string;
					/** @description What is taken here. */
					"Accept-Patch"?: string;
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Precondition Required */
			428: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	openEventStream: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The session's id, as the Location of its 201 has it: what stands behind /api/whep/sessions/. */
				session: string;
			};
			cookie?: never;
		};
		/** @description The names of the events. */
		requestBody: {
			content: {
				/** @example [
				 *       "active",
				 *       "inactive",
				 *       "viewercount",
				 *       "reconnect"
				 *     ] */
				"application/json": ("active" | "inactive" | "viewercount" | "reconnect")[];
			};
		};
		responses: {
			/** @description The stream can be read. */
			201: {
				headers: {
					/** @description The stream's URL. Whoever knows it can read the stream, no token needed. */
					Location?: string;
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Timeout */
			408: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Entity Too Large */
			413: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unsupported Media Type */
			415: {
				headers: {
					/** @description What is taken here. */
					"Accept-Encoding"?: string;
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	readEventStream: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The session's id, as the Location of its 201 has it: what stands behind /api/whep/sessions/. */
				session: string;
				/**
				 * @description The stream's id, as its Location has it.
				 * @example HQ3DMV6BZT4PSJ7KXWNRL2YAFE
				 */
				stream: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The events, as they happen. */
			200: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example event: viewercount
					 *     data: {"viewercount":3}
					 *
					 *      */
					"text/event-stream": string;
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	endEventStream: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The session's id, as the Location of its 201 has it: what stands behind /api/whep/sessions/. */
				session: string;
				/**
				 * @description The stream's id, as its Location has it.
				 * @example HQ3DMV6BZT4PSJ7KXWNRL2YAFE
				 */
				stream: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The stream has ended. */
			200: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	probePublishEndpoint: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description There is an endpoint here. */
			204: {
				headers: {
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	publishStream: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		/** @description The SDP offer. */
		requestBody: {
			content: {
				/** @example v=0
				 *     o=- 123456789 2 IN IP4 127.0.0.1
				 *     s=-
				 *     t=0 0
				 *     a=group:BUNDLE 0
				 *     m=video 9 UDP/TLS/RTP/SAVPF 96
				 *     c=IN IP4 0.0.0.0
				 *     a=mid:0
				 *     a=sendonly
				 *     a=rtcp-mux
				 *     a=rtpmap:96 VP8/90000
				 *     a=ice-ufrag:EsAw
				 *     a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
				 *     a=setup:actpass
				 *     a=fingerprint:sha-256 19:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2
				 *      */
				"application/sdp": string;
			};
		};
		responses: {
			/** @description The stream is being published. Media flows when ICE and DTLS have connected. */
			201: {
				headers: {
					/** @description What to PATCH the session's URL with. */
					"Accept-Patch"?: string;
					/** @description The tag of the ICE session, for the If-Match of a PATCH. */
					ETag?: string;
					/** @description A STUN or TURN server that the operator names, a line for each URL (RFC 9725 §4.6). */
					Link?: string;
					/** @description The session's URL: PATCH it to trickle ICE candidates, DELETE it to end the session. */
					Location?: string;
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example v=0
					 *     o=- 4962303333179871722 1 IN IP4 0.0.0.0
					 *     s=-
					 *     t=0 0
					 *     a=group:BUNDLE 0
					 *     m=video 9 UDP/TLS/RTP/SAVPF 96
					 *     c=IN IP4 0.0.0.0
					 *     a=mid:0
					 *     a=recvonly
					 *     a=rtcp-mux
					 *     a=rtpmap:96 VP8/90000
					 *     a=ice-ufrag:lYXqhCDh
					 *     a=ice-pwd:VEmVqZGHJLmNeRTyRUNxZmWfyUxZAbCD
					 *     a=setup:active
					 *     a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34:8E:5E:EA:6F:AF:52:CE:E6:0F
					 *     a=candidate:1 1 udp 2130706431 192.0.2.10 8189 typ host
					 *     a=end-of-candidates
					 *      */
					"application/sdp": string;
				};
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Timeout */
			408: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Conflict */
			409: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Entity Too Large */
			413: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unsupported Media Type */
			415: {
				headers: {
					/** @description What is taken here. */
					"Accept-Encoding"?: string;
					/** @description What is taken here. */
					"Accept-Post"?: string;
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unprocessable Entity */
			422: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	optionsPublishEndpoint: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The room's name: 1 to 64 of A-Z a-z 0-9 _ -, and names differ by case. */
				room: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description What may be done. */
			204: {
				headers: {
					/** @description What to POST. */
					"Accept-Post"?: string;
					/** @description The methods of all paths together. */
					"Access-Control-Allow-Methods"?: string;
					/** @description The methods of this path. */
					Allow?: string;
					/** @description A STUN or TURN server that the operator names, a line for each URL (RFC 9725 §4.6). */
					Link?: string;
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	probePublishSession: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The session's id, as the Location of its 201 has it: what stands behind /api/whip/sessions/. */
				session: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The session lives. */
			204: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	endSession: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The session's id, as the Location of its 201 has it: what stands behind /api/whip/sessions/. */
				session: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The session has ended. */
			200: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	optionsPublishSession: {
		parameters: {
			query?: never;
			header?: never;
			path: {
				/** @description The session's id, as the Location of its 201 has it: what stands behind /api/whip/sessions/. */
				session: string;
			};
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description What may be done. */
			204: {
				headers: {
					/** @description What to PATCH with. */
					"Accept-Patch"?: string;
					/** @description The methods of all paths together. */
					"Access-Control-Allow-Methods"?: string;
					/** @description The methods of this path. */
					Allow?: string;
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	trickleIce: {
		parameters: {
			query?: never;
			header: {
				/** @description The ETag of the ICE session that the fragment is for, a list of such, or * for whichever it is (RFC 9110 §13.1.1). Weak tags fit nothing. */
				"If-Match": string;
			};
			path: {
				/** @description The session's id, as the Location of its 201 has it: what stands behind /api/whip/sessions/. */
				session: string;
			};
			cookie?: never;
		};
		/** @description The fragment. */
		requestBody: {
			content: {
				/** @example a=ice-ufrag:EsAw
				 *     a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
				 *     m=video 9 UDP/TLS/RTP/SAVPF 96
				 *     a=mid:0
				 *     a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host
				 *     a=end-of-candidates
				 *      */
				"application/trickle-ice-sdpfrag": string;
			};
		};
		responses: {
			/** @description ICE has been restarted. The body has the server's new credentials and all its candidates. */
			200: {
				headers: {
					/** @description The tag of the new ICE session. */
					ETag?: string;
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content: {
					/** @example a=ice-options:trickle ice2
					 *     a=ice-ufrag:ysXw
					 *     a=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k
					 *     m=video 9 UDP/TLS/RTP/SAVPF 96
					 *     a=mid:0
					 *     a=candidate:1 1 udp 2130706431 192.0.2.10 8189 typ host
					 *     a=end-of-candidates
					 *      */
					"application/trickle-ice-sdpfrag": string;
				};
			};
			/** @description The candidates have been taken. */
			204: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					[name: string]: unknown;
				};
				content?: never;
			};
			/** @description Bad Request */
			400: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unauthorized */
			401: {
				headers: {
					"WWW-Authenticate": components["headers"]["WWW-Authenticate"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Forbidden */
			403: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Not Found */
			404: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Timeout */
			408: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Precondition Failed */
			412: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Request Entity Too Large */
			413: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Unsupported Media Type */
			415: {
				headers: {
					/** @description What is taken here. */
					"Accept-Encoding"?: string;
					/** @description What is taken here. */
					"Accept-Patch"?: string;
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Precondition Required */
			428: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Too Many Requests */
			429: {
				headers: {
					"RateLimit-Limit": components["headers"]["RateLimit-Limit"];
					"RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
					"RateLimit-Reset": components["headers"]["RateLimit-Reset"];
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Internal Server Error */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
			/** @description Service Unavailable */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					"application/problem+json": components["schemas"]["Problem"];
				};
			};
		};
	};
	getHealth: {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description It lives. */
			204: {
				headers: {
					[name: string]: unknown;
				};
				content?: never;
			};
		};
	};
	getMetrics: {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description The metrics as they are now. */
			200: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					/** @example # HELP rostrum_recordings_live Recordings that are being written now.
					 *     # TYPE rostrum_recordings_live gauge
					 *     rostrum_recordings_live 3
					 *      */
					"text/plain": string;
				};
			};
			/** @description The metrics cannot be told. */
			500: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					/** @example An error has occurred while serving metrics.
					 *      */
					"text/plain": string;
				};
			};
			/** @description Too many ask at once. */
			503: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					/** @example Limit of concurrent requests reached (4), try again later.
					 *      */
					"text/plain": string;
				};
			};
		};
	};
	getReadiness: {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		requestBody?: never;
		responses: {
			/** @description New sessions may be sent here. */
			200: {
				headers: {
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "database": {
					 *         "available": true,
					 *         "dropped": 0,
					 *         "waiting": 0
					 *       },
					 *       "status": "ready"
					 *     } */
					"application/json": components["schemas"]["Readiness"];
				};
			};
			/** @description New sessions had better be sent elsewhere. */
			503: {
				headers: {
					"Retry-After": components["headers"]["Retry-After"];
					[name: string]: unknown;
				};
				content: {
					/** @example {
					 *       "status": "unavailable",
					 *       "database": {
					 *         "available": true,
					 *         "waiting": 0,
					 *         "dropped": 0
					 *       }
					 *     } */
					"application/json": components["schemas"]["Readiness"];
				};
			};
		};
	};
}
/** How a {@link Rostrum} finds its server and what it shows there. */
export interface RostrumOptions {
	/** The server's address, `https://live.example.net` say. Left out, it is where this module was loaded from. */
	server?: string | URL;
	/**
	 * The bearer token, or a function that returns the present one or a promise of it. None: what anybody may do.
	 *
	 * The function is asked before each request, so keep a token that still holds and renew it shortly before it does not:
	 * a page that is left has no time to fetch one for the DELETE that ends its session. What it throws, the request
	 * rejects with. A {@link Publisher} or {@link Subscriber} is closed by that, but for a {@link Problem} that is
	 * `retryable`: after such a one it tries again.
	 */
	token?: string | (() => string | Promise<string>);
	/** Milliseconds until an answer must be there, whole, and the token before it; 10,000 unless given. */
	timeout?: number;
}
/**
 * A client of one server. It holds no connection and needs no end.
 *
 * ```ts
 * const rostrum = new Rostrum({ server: "https://live.example.net", token });
 * const { data } = await rostrum.api.GET("/api/rooms");
 * ```
 */
export declare class Rostrum {
	#private;
	/** The server's origin. */
	readonly server: string;
	/**
	 * Every operation of the contract, typed: `api.METHOD(path, {params, body})` resolves with `{data, response}`, and
	 * rejects with a {@link Problem} for a refusal, no answer in time, or an answer that is not the contract's. So
	 * `error` is never set. An AbortSignal given as `signal` ends a request early; it then rejects with its reason.
	 */
	readonly api: Client<paths>;
	/** Throws a {@link Problem} for an address that is none of a server, or that holds more than that. */
	constructor({ server, token, timeout }?: RostrumOptions);
	/** Whether the server is up. It resolves within seconds, and never rejects. */
	alive(): Promise<boolean>;
	/** Whether the server takes new sessions: false while it stops, starts or lacks something. It never rejects. */
	ready(): Promise<boolean>;
	/**
	 * Links to the parts of a recording, in the order in which they play; none before it has ended. A link plays for an
	 * hour without a token, wherever the server keeps recordings: `video.src = link`. `&download=true` behind it saves the
	 * file. Who has a link may watch, so it is as secret as a token. Rejects with a {@link Problem}.
	 */
	playLinks(recording: string): Promise<string[]>;
	/** The contract that the server serves, OpenAPI 3.1 as JSON. Rejects with a {@link Problem}. */
	contract(): Promise<unknown>;
}
interface Protocol {
	endpoint: "/api/whip/publish/{room}" | "/api/whep/play/{room}";
	sessions: "/api/whip/sessions/{session}" | "/api/whep/sessions/{session}";
}
interface Watcher {
	/** Media flows, for the first time or again. */
	connected(): void;
	/** The network does not carry it, and ICE is being restarted. */
	unsteady(why: Problem): void;
}
declare class Session {
	#private;
	readonly pc: RTCPeerConnection;
	/** Resolves with why the session ended. It never rejects. */
	readonly over: Promise<Problem>;
	/** Throws a Problem where there is no WebRTC. */
	constructor(watcher: Watcher, configuration: RTCConfiguration);
	/**
	 * Offers what the connection has to the server, once. Resolves when the server has accepted; media does not flow yet
	 * then. Rejects with a Problem, after which the session is to be closed. Candidates are gathered when the answer is
	 * there, since it names the servers to gather them with (RFC 9725 §4.6), and follow by trickle.
	 */
	open(rostrum: Rostrum, protocol: Protocol, room: string): Promise<void>;
	/** Restarts ICE, for a network that has changed (RFC 9725 §4.3.3): DTLS and media stay. Calls while one is on its way join it. */
	restart(): Promise<void>;
	/** Gives the session up: over resolves. It is still to be closed. */
	lose(code: string): void;
	/**
	 * Ends the session here at once and, as far as it can be reached, at the server: an offer that is on its way is waited
	 * for, since its answer names what to DELETE. It may be called at any time, also as the page goes.
	 */
	close(): Promise<void>;
}
/** What {@link Publisher} and {@link Subscriber} both may be told. */
export interface ParticipantOptions {
	/** For the RTCPeerConnection: ICE servers of your own, besides those that the server names, or `iceTransportPolicy`. */
	rtc?: RTCConfiguration;
}
interface Verdict {
	state: "waiting" | "reconnecting" | "closed";
	why: Problem;
	/** Milliseconds, where the usual ones are not right. */
	wait?: number;
}
/**
 * Somebody in a room, for as long as they want to be there: one session after the other, with pauses that grow, spread,
 * honour Retry-After, and end when the browser comes online. It is used once, from {@link Participant.start} to
 * {@link Participant.stop}; leaving the page stops it too.
 */
export declare abstract class Participant<Events extends StateEvents> extends Emitter<Events> {
	#private;
	/** The room's name. */
	readonly room: string;
	protected readonly rostrum: Rostrum;
	/** Whether it has ever been live. */
	protected wasLive: boolean;
	protected session: Session | null;
	constructor(rostrum: Rostrum, protocol: Protocol, room: string, { rtc }: ParticipantOptions);
	/** Where it stands; null before `start()`. */
	get state(): State | null;
	/** The connection in use, for statistics and the like; null between two. It is another one after a reconnect. */
	get pc(): RTCPeerConnection | null;
	/**
	 * Enters the room and stays. Resolves when it is live for the first time; rejects with the {@link Problem} that closed
	 * it before that, which is `closed` for `stop()`, also for one before. Called again it returns the same promise.
	 */
	start(): Promise<void>;
	/**
	 * Leaves the room: the session is ended here at once and at the server by a DELETE, whose answer is waited for, whoever
	 * calls it and however often. Never rejects.
	 */
	stop(): Promise<void>;
	/**
	 * Restarts ICE now, for who knows that the network has changed; a network that fails is noticed without. Resolves when
	 * the server has agreed, at once where there is no session, and rejects with a {@link Problem}; media goes on either way.
	 */
	restartIce(): Promise<void>;
	/** Gives a new connection what it is to send and receive. */
	protected abstract shape(pc: RTCPeerConnection): void;
	/** A session is connected, for the first time or again. */
	protected abstract connected(session: Session): void;
	/** Decides how it goes on after a session that has ended so. */
	protected abstract judge(why: Problem): Promise<Verdict>;
	/** Enters a state, and tells of it unless it is the present one for the same reason. */
	protected tell(state: State, why?: Problem | null, wait?: number | null): void;
}
/** How a {@link Publisher} publishes. */
export interface PublisherOptions extends ParticipantOptions {
	/** The video codec to send, one of {@link sendableCodecs}, or it is refused; "" or none leaves the choice to browser and server. */
	codec?: string;
	/**
	 * Keeps trying also before it has been live once: while somebody else publishes in the room (409 `room_busy`), or
	 * while the server is away. Otherwise only what was interrupted is tried again, and the first refusal is final.
	 */
	persistent?: boolean;
}
type Kind = "audio" | "video";
/** Tells that a source has ended by itself: a device was unplugged, or sharing was stopped by the browser's own button. */
export declare class EndedEvent extends Event {
	readonly kind: Kind;
	readonly track: MediaStreamTrack;
	constructor(track: MediaStreamTrack);
}
/** The events of a {@link Publisher}. */
export interface PublisherEvents extends StateEvents {
	/** Nothing is sent of a kind any more, and {@link Publisher.replace} mends that; the other kind goes on. */
	ended: EndedEvent;
}
/**
 * Publishes a MediaStream into a room by WHIP (RFC 9725), and keeps it published over lost networks and restarts of the
 * server. The tracks stay the caller's: stopping the publisher does not stop them.
 *
 * ```ts
 * const publisher = new Publisher(rostrum, "demo", await navigator.mediaDevices.getUserMedia({ video: true, audio: true }));
 * publisher.on("closed", ({ why }) => why && console.error(why.detail));
 * await publisher.start();
 * ```
 */
export declare class Publisher extends Participant<PublisherEvents> {
	#private;
	/** Throws a {@link Problem} for a room's name that is none, and for a stream without tracks or with several of a kind. */
	constructor(rostrum: Rostrum, room: string, stream: MediaStream, options?: PublisherOptions);
	/** Whether a picture or a sound is published, whose source can be replaced. */
	has(kind: Kind): boolean;
	/**
	 * Goes on with another source, without a new session; null sends nothing of that kind until the next one. A kind that
	 * the stream did not have cannot be added. Rejects where the browser cannot send the track in the present format, and
	 * goes on with the one before then. Between two sessions the next one begins with it. It is also how to go on after a
	 * source has {@link PublisherEvents.ended | ended}.
	 */
	replace(kind: Kind, track: MediaStreamTrack | null): Promise<void>;
	protected shape(pc: RTCPeerConnection): void;
	protected connected(session: Session): void;
	/** A session that the server ends while it takes new ones was ended on purpose; one that it ends as it goes is to be begun anew. */
	protected judge(why: Problem): Promise<Verdict>;
}
/** Tells of the stream of a new session. */
export declare class StreamEvent extends Event {
	/** It is there at once and fills when media comes. */
	readonly stream: MediaStream;
	constructor(stream: MediaStream);
}
/** The events of a {@link Subscriber}. */
export interface SubscriberEvents extends StateEvents {
	/** A session has begun, with a stream of its own. */
	stream: StreamEvent;
}
/**
 * Plays a room by WHEP (draft-ietf-wish-whep), and stays in it: through the ends of streams and their beginnings, lost
 * networks and restarts of the server. It may come before the publisher.
 *
 * ```ts
 * const subscriber = new Subscriber(rostrum, "demo");
 * subscriber.attach(document.querySelector("video"));
 * await subscriber.start();
 * ```
 */
export declare class Subscriber extends Participant<SubscriberEvents> {
	#private;
	/** Throws a {@link Problem} for a room's name that is none. */
	constructor(rostrum: Rostrum, room: string, options?: ParticipantOptions);
	/** What is received: one picture and one sound, in whatever codec the room has. null before the first session; another one after a reconnect. */
	get stream(): MediaStream | null;
	/**
	 * Plays what is received in that element, now and in all sessions to come, and no longer in the one before it. Where
	 * the browser lets no page play sound unasked, it is muted, and `element.muted = false` after a click or tap brings the
	 * sound. Returns this.
	 */
	attach(element: HTMLMediaElement): this;
	/**
	 * Takes the stream out of its element, as for one that leaves the page. The session goes on, and with it what it
	 * costs: `stop()` ends it. Without an element it does nothing. Returns this.
	 */
	detach(): this;
	/** The picture joins the stream with its first packet: an element that has been promised one holds the sound back until it comes. */
	protected shape(pc: RTCPeerConnection): void;
	protected connected(session: Session): void;
	protected judge(why: Problem): Promise<Verdict>;
}

export {};
