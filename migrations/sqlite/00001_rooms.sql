-- +goose Up
-- Names compare byte by byte (BINARY, the default): they differ by case, and the
-- key's order is that of ports.Rooms.List.
CREATE TABLE rooms (
    name            TEXT    NOT NULL PRIMARY KEY,
    provisioned     INTEGER NOT NULL,
    display_name    TEXT    NOT NULL,
    max_subscribers INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE rooms;
