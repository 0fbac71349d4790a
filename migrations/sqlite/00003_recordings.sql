-- +goose Up
-- Times are microseconds since 1970, NULL for none. What is only ever read as a whole
-- is JSON: adapters/sqlite/recordings_parts.go has its form.
CREATE TABLE recordings (
    id               TEXT    NOT NULL PRIMARY KEY,
    room             TEXT    NOT NULL,
    session          TEXT    NOT NULL,
    subject          TEXT    NOT NULL,
    object_key       TEXT    NOT NULL,
    state            TEXT    NOT NULL,
    started          INTEGER NOT NULL,
    ended            INTEGER,
    stored           INTEGER,
    failure_during   TEXT    NOT NULL,
    failure_reason   TEXT    NOT NULL,
    failure_attempts INTEGER NOT NULL,
    failure_next     INTEGER,
    parts            TEXT    NOT NULL
) STRICT;

-- Each has the order of ports.Recordings.List, so that no page is sorted.
CREATE INDEX recordings_by_start          ON recordings (started DESC, id DESC);
CREATE INDEX recordings_by_room           ON recordings (room, started DESC, id DESC);
CREATE INDEX recordings_by_state          ON recordings (state, started DESC, id DESC);
CREATE INDEX recordings_by_room_and_state ON recordings (room, state, started DESC, id DESC);

-- +goose Down
DROP TABLE recordings;
