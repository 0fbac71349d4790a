-- +goose Up
-- A session is live while its end is NULL. It outlives its room, so it refers to none.
-- Codecs and report are JSON: adapters/sqlite/sessions_report.go has their form.
CREATE TABLE sessions (
    id         TEXT    NOT NULL PRIMARY KEY,
    room       TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    address    TEXT    NOT NULL,
    user_agent TEXT    NOT NULL,
    node       TEXT    NOT NULL,
    codecs     TEXT    NOT NULL,
    started    INTEGER NOT NULL,
    ended      INTEGER,
    reason     TEXT    NOT NULL,
    report     TEXT    NOT NULL
) STRICT;

-- Each has the order of ports.Sessions.List, so that no page is sorted: one for each
-- combination of filters. Those of live sessions are as small as these are few.
CREATE INDEX sessions_by_start         ON sessions (started DESC, id DESC);
CREATE INDEX sessions_by_room          ON sessions (room, started DESC, id DESC);
CREATE INDEX sessions_by_role          ON sessions (role, started DESC, id DESC);
CREATE INDEX sessions_by_room_and_role ON sessions (room, role, started DESC, id DESC);

CREATE INDEX live_sessions_by_start         ON sessions (started DESC, id DESC)             WHERE ended IS NULL;
CREATE INDEX live_sessions_by_room          ON sessions (room, started DESC, id DESC)       WHERE ended IS NULL;
CREATE INDEX live_sessions_by_role          ON sessions (role, started DESC, id DESC)       WHERE ended IS NULL;
CREATE INDEX live_sessions_by_room_and_role ON sessions (room, role, started DESC, id DESC) WHERE ended IS NULL;

-- For Abandon and Forget.
CREATE INDEX live_sessions_by_node ON sessions (node)  WHERE ended IS NULL;
CREATE INDEX sessions_by_end       ON sessions (ended) WHERE ended IS NOT NULL;

-- +goose Down
DROP TABLE sessions;
