-- A row for each request that was served, if servers are told to log there. "writer" and "number" name it where it is
-- made, so that a write of which nobody knows whether it was done can be tried again.
CREATE TABLE request_log (
    id         INTEGER NOT NULL PRIMARY KEY,
    writer     TEXT    NOT NULL,
    number     INTEGER NOT NULL,
    at         TEXT NOT NULL,
    request_id TEXT    NOT NULL,
    client     TEXT    NOT NULL,
    status     INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,
    micros     INTEGER NOT NULL,
    method     TEXT,
    target     TEXT,
    version    TEXT,
    referer    TEXT,
    agent      TEXT,
    UNIQUE (writer, number)
) STRICT;

CREATE INDEX request_log_by_time ON request_log (at);

-- How many requests are missing above.
CREATE TABLE request_log_gaps (
    id      INTEGER NOT NULL PRIMARY KEY,
    writer  TEXT    NOT NULL,
    at      TEXT NOT NULL,
    dropped INTEGER NOT NULL
) STRICT;
