package dev.thrum.store;

import java.time.Instant;

/**
 * Money that went from one account to another.
 *
 * @param amount in minor units
 */
public record Transfer(long id, long from, long to, long amount, Instant createdAt) {}
