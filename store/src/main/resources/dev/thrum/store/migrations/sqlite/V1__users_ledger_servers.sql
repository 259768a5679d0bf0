CREATE TABLE users (
    id         INTEGER NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    email      TEXT    NOT NULL UNIQUE,
    created_at TEXT    NOT NULL
) STRICT;

-- Balances and amounts are in minor units: cents, not euros.
CREATE TABLE accounts (
    id         INTEGER NOT NULL PRIMARY KEY,
    owner      TEXT    NOT NULL,
    balance    INTEGER NOT NULL CHECK (balance >= 0),
    created_at TEXT    NOT NULL
) STRICT;

-- What was asked for, and what was decided: the answer to the same key again. Keys are forgotten after a while.
-- "source" and "target" name accounts that need not exist, because "outcome" may be that they don't.
CREATE TABLE operations (
    id              INTEGER NOT NULL PRIMARY KEY,
    idempotency_key TEXT    UNIQUE,
    kind            TEXT    NOT NULL,
    source          INTEGER,
    target          INTEGER,
    amount          INTEGER NOT NULL CHECK (amount > 0),
    outcome         TEXT    NOT NULL,
    created_at      TEXT    NOT NULL
) STRICT;

-- What moved: one entry for each account that an operation has changed, and the balance after it.
CREATE TABLE entries (
    id           INTEGER NOT NULL PRIMARY KEY,
    operation_id INTEGER NOT NULL REFERENCES operations (id),
    account_id   INTEGER NOT NULL REFERENCES accounts (id),
    amount       INTEGER NOT NULL CHECK (amount <> 0),
    balance      INTEGER NOT NULL CHECK (balance >= 0)
) STRICT;

CREATE INDEX entries_by_account ON entries (account_id, id);
CREATE INDEX entries_by_operation ON entries (operation_id);
-- Of those whose key is still known, so that the forgetting of keys does not walk over what it has forgotten.
CREATE INDEX operations_with_key ON operations (created_at) WHERE idempotency_key IS NOT NULL;

-- The programs that use this database, each with the last moment it could write.
CREATE TABLE servers (
    name       TEXT NOT NULL PRIMARY KEY,
    started_at TEXT NOT NULL,
    seen_at    TEXT NOT NULL
) STRICT;
