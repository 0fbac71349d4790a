-- +goose Up
-- What is only ever read as a whole is JSON: adapters/postgres/recordings_parts.go has its
-- form.
CREATE TABLE recordings (
    id               text COLLATE "C" PRIMARY KEY,
    room             text COLLATE "C" NOT NULL,
    session          text        NOT NULL,
    subject          text        NOT NULL,
    node             text        NOT NULL,
    object_key       text        NOT NULL,
    state            text COLLATE "C" NOT NULL,
    started          timestamptz NOT NULL,
    ended            timestamptz,
    stored           timestamptz,
    failure_during   text        NOT NULL,
    failure_reason   text        NOT NULL,
    failure_attempts bigint      NOT NULL,
    failure_next     timestamptz,
    parts            jsonb       NOT NULL CHECK (jsonb_typeof(parts) = 'array')
);

-- Each has the order of ports.Recordings.List, read backwards, so that no page is sorted.
CREATE INDEX recordings_by_start          ON recordings (started, id);
CREATE INDEX recordings_by_room           ON recordings (room, started, id);
CREATE INDEX recordings_by_state          ON recordings (state, started, id);
CREATE INDEX recordings_by_room_and_state ON recordings (room, state, started, id);

-- +goose Down
DROP TABLE recordings;
