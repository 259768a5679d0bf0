-- A row for each request that was served, if servers are told to log there. "writer" and "number" name it where it is
-- made, so that a write of which nobody knows whether it was done can be tried again.
CREATE TABLE request_log (
    id         BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    writer     TEXT    NOT NULL,
    number     BIGINT NOT NULL,
    at         TIMESTAMPTZ NOT NULL,
    request_id TEXT    NOT NULL,
    client     TEXT    NOT NULL,
    status     BIGINT NOT NULL,
    bytes      BIGINT NOT NULL,
    micros     BIGINT NOT NULL,
    method     TEXT,
    target     TEXT,
    version    TEXT,
    referer    TEXT,
    agent      TEXT,
    UNIQUE (writer, number)
);

CREATE INDEX request_log_by_time ON request_log (at);

-- How many requests are missing above.
CREATE TABLE request_log_gaps (
    id      BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    writer  TEXT    NOT NULL,
    at      TIMESTAMPTZ NOT NULL,
    dropped BIGINT NOT NULL
);
