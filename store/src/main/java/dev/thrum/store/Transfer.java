package dev.thrum.store;

import java.time.Instant;

/**
 * A transfer of money that was carried out.
 *
 * @param amount in minor units
 */
public record Transfer(long id, long from, long to, long amount, Instant createdAt) {}
