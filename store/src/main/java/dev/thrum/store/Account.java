package dev.thrum.store;

import java.time.Instant;

/**
 * An account.
 *
 * @param balance in minor units (cents, not euros); from 0 to {@link Ledger#MOST}
 */
public record Account(long id, String owner, long balance, Instant createdAt) {}
