-- +goose Up
-- A room is kept only where it is provisioned, which its row has said by now. What is
-- NULL is not chosen: it is as the server has it. Times are microseconds since 1970, the
-- grace is nanoseconds. Tokens are only ever read as a whole, so they are JSON:
-- adapters/sqlite/rooms_tokens.go has its form.
CREATE TABLE provisioned_rooms (
    name            TEXT    NOT NULL PRIMARY KEY,
    display_name    TEXT    NOT NULL,
    max_subscribers INTEGER NOT NULL,
    record          INTEGER,
    grace           INTEGER,
    tokens          TEXT    NOT NULL,
    version         INTEGER NOT NULL,
    created         INTEGER,
    changed         INTEGER
) STRICT, WITHOUT ROWID;

-- When the older rooms were made nobody knows. Whether they are recorded was a choice.
INSERT INTO provisioned_rooms (name, display_name, max_subscribers, record, tokens, version, created, changed)
SELECT name, display_name, max_subscribers, record, '[]', 1, unixepoch() * 1000000, unixepoch() * 1000000
FROM rooms WHERE provisioned;

DROP TABLE rooms;
ALTER TABLE provisioned_rooms RENAME TO rooms;

CREATE TABLE room_labels (
    room  TEXT NOT NULL REFERENCES rooms (name) ON DELETE CASCADE,
    label TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (room, label)
) STRICT, WITHOUT ROWID;

-- Each has the order of ports.Rooms.List.
CREATE INDEX room_labels_by_label ON room_labels (label, room);
CREATE INDEX room_labels_by_value ON room_labels (label, value, room);

-- +goose Down
-- Labels, graces and tokens are lost.
CREATE TABLE older_rooms (
    name            TEXT    NOT NULL PRIMARY KEY,
    provisioned     INTEGER NOT NULL,
    display_name    TEXT    NOT NULL,
    max_subscribers INTEGER NOT NULL,
    record          INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

INSERT INTO older_rooms (name, provisioned, display_name, max_subscribers, record)
SELECT name, 1, display_name, max_subscribers, coalesce(record, 1) FROM rooms;

DROP TABLE room_labels;
DROP TABLE rooms;
ALTER TABLE older_rooms RENAME TO rooms;
