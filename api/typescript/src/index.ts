export { sendableCodecs } from "./codecs.js";
export { Emitter, type State, StateEvent, type StateEvents } from "./events.js";
export { Participant, type ParticipantOptions } from "./participant.js";
export { Problem, type ProblemFields } from "./problem.js";
export { EndedEvent, Publisher, type PublisherEvents, type PublisherOptions } from "./publisher.js";
export { Rostrum, type RostrumOptions } from "./rostrum.js";
export type { components, operations, paths } from "./schema.js";
export { StreamEvent, Subscriber, type SubscriberEvents } from "./subscriber.js";
