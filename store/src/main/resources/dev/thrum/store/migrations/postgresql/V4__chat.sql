-- The chat of all servers that use this database. The one row of "chat_log" has the number of the last entry: whoever appends
-- one locks it until the commit, so entries are numbered in the order of their commits, without gaps.
CREATE TABLE chat_log (
    id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    last BIGINT NOT NULL
);

INSERT INTO chat_log (id, last) VALUES (1, 0);

CREATE TABLE chat_entries (
    number BIGINT NOT NULL PRIMARY KEY,
    entry  TEXT   NOT NULL
);

-- The state after one of the entries; entries long before it are deleted.
CREATE TABLE chat_states (
    id     BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    number BIGINT NOT NULL,
    state  TEXT   NOT NULL
);

INSERT INTO chat_states (id, number, state) VALUES (1, 0, '');

-- The servers whose clients are in the chat: how many entries each has appended, and a number that changes as long as it runs.
CREATE TABLE chat_servers (
    id       BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    appended BIGINT NOT NULL DEFAULT 0,
    beat     BIGINT NOT NULL DEFAULT 0
);
