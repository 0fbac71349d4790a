-- +goose Up
-- A delivery outlives its recording, so it refers to none.
CREATE TABLE deliveries (
    event    TEXT    NOT NULL,
    receiver TEXT    NOT NULL,
    body     BLOB    NOT NULL,
    attempts INTEGER NOT NULL,
    next     INTEGER NOT NULL,
    PRIMARY KEY (event, receiver)
) STRICT;

CREATE INDEX deliveries_by_time ON deliveries (next, event, receiver);

-- +goose Down
DROP TABLE deliveries;
