-- +goose Up
-- Numbers are given in the order of commits, because adapters/postgres lets one
-- transaction at a time add entries.
CREATE TABLE audit (
    number  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    subject text        NOT NULL,
    origin  text        NOT NULL,
    act     text        NOT NULL,
    object  text        NOT NULL,
    detail  text        NOT NULL
);

-- What is written stays as it is, whoever is connected. Who owns the table can take the
-- triggers away: a trail that must stand against its administrators is exported.
-- +goose StatementBegin
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd

CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- +goose Down
DROP TABLE audit;
DROP FUNCTION audit_is_append_only();
