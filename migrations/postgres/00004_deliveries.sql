-- +goose Up
-- A delivery outlives its recording, so it refers to none.
CREATE TABLE deliveries (
    event    text COLLATE "C" NOT NULL,
    receiver text COLLATE "C" NOT NULL,
    body     bytea       NOT NULL,
    attempts bigint      NOT NULL,
    next     timestamptz NOT NULL,
    PRIMARY KEY (event, receiver)
);

CREATE INDEX deliveries_by_time ON deliveries (next, event, receiver);

-- +goose Down
DROP TABLE deliveries;
