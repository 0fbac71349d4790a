-- +goose Up
-- What is only ever read as a whole is JSON: adapters/postgres/sessions_report.go has its
-- form.
CREATE TABLE sessions (
    id         text COLLATE "C" PRIMARY KEY,
    room       text COLLATE "C" NOT NULL,
    role       text COLLATE "C" NOT NULL,
    subject    text        NOT NULL,
    address    text        NOT NULL,
    user_agent text        NOT NULL,
    node       text COLLATE "C" NOT NULL,
    codecs     text[]      NOT NULL,
    started    timestamptz NOT NULL,
    ended      timestamptz,
    reason     text        NOT NULL,
    report     jsonb       NOT NULL CHECK (jsonb_typeof(report) = 'object')
);

-- Each has the order of ports.Sessions.List, read backwards, so that no page is sorted.
CREATE INDEX sessions_by_start         ON sessions (started, id);
CREATE INDEX sessions_by_room          ON sessions (room, started, id);
CREATE INDEX sessions_by_role          ON sessions (role, started, id);
CREATE INDEX sessions_by_room_and_role ON sessions (room, role, started, id);

-- The same of the few that are live.
CREATE INDEX live_sessions_by_start         ON sessions (started, id)             WHERE ended IS NULL;
CREATE INDEX live_sessions_by_room          ON sessions (room, started, id)       WHERE ended IS NULL;
CREATE INDEX live_sessions_by_role          ON sessions (role, started, id)       WHERE ended IS NULL;
CREATE INDEX live_sessions_by_room_and_role ON sessions (room, role, started, id) WHERE ended IS NULL;
CREATE INDEX live_sessions_by_node          ON sessions (node)                    WHERE ended IS NULL;

CREATE INDEX ended_sessions_by_end ON sessions (ended) WHERE ended IS NOT NULL;

-- +goose Down
DROP TABLE sessions;
