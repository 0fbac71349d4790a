-- +goose Up
-- What is there already is of a server without a name.
ALTER TABLE recordings ADD COLUMN node TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE recordings DROP COLUMN node;
