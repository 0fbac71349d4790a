-- +goose Up
-- COLLATE "C" has names differ by case and sort byte by byte, as ports.Rooms.List does,
-- whatever the database's own collation. The columns tokens and labels are read as a
-- whole: adapters/postgres/rooms_tokens.go has the form of the first. A choice that is
-- not made is NULL.
CREATE TABLE rooms (
    name            text COLLATE "C" PRIMARY KEY,
    display_name    text        NOT NULL,
    labels          jsonb       NOT NULL CHECK (jsonb_typeof(labels) = 'object'),
    max_subscribers bigint      NOT NULL,
    record          boolean,
    grace_ns        bigint,
    tokens          jsonb       NOT NULL CHECK (jsonb_typeof(tokens) = 'array'),
    created         timestamptz NOT NULL,
    changed         timestamptz NOT NULL,
    version         bigint      NOT NULL
);

-- The labels of rooms once more, in the order in which those with a label are listed. The
-- trigger keeps it, so that it is right whoever writes to rooms.
CREATE TABLE room_labels (
    key   text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    room  text COLLATE "C" NOT NULL REFERENCES rooms (name) ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (room, key)
);

CREATE INDEX room_labels_by_key   ON room_labels (key, room);
CREATE INDEX room_labels_by_value ON room_labels (key, value, room);

-- +goose StatementBegin
CREATE FUNCTION rooms_have_labels() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM room_labels WHERE room = NEW.name;
    INSERT INTO room_labels (key, value, room) SELECT key, value, NEW.name FROM jsonb_each_text(NEW.labels);
    RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER rooms_have_labels AFTER INSERT OR UPDATE OF labels ON rooms
    FOR EACH ROW EXECUTE FUNCTION rooms_have_labels();

-- +goose Down
DROP TABLE room_labels;
DROP TABLE rooms;
DROP FUNCTION rooms_have_labels();
