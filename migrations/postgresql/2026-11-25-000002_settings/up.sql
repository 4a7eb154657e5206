-- What the administrator has configured: one row, whose document holds only what differs from the defaults in the code.
CREATE TABLE settings (
  id uuid NOT NULL PRIMARY KEY,
  document jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL
);
INSERT INTO settings (id, document, updated_at, version)
VALUES ('00000000-0000-0000-0000-000000000000', '{}', '2026-11-25T00:00:00Z', 1);
