package dev.thrum.store;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * One change of an account.
 *
 * @param amount in minor units; negative for what went
 * @param balance of the account after it
 * @param counterpart the other account of a transfer
 */
public record Entry(
        long id, Operation.Kind kind, long amount, long balance, OptionalLong counterpart, Instant createdAt) {}
