-- +goose Up
-- Rooms that are there already are recorded, as new ones are.
ALTER TABLE rooms ADD COLUMN record INTEGER NOT NULL DEFAULT 1;

-- +goose Down
ALTER TABLE rooms DROP COLUMN record;
