package dev.thrum.store;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * One change of an account's balance.
 *
 * @param amount in minor units; negative if the money left the account
 * @param balance the account's balance after the change
 * @param counterpart the other account of a transfer; empty for other operations
 */
public record Entry(
        long id, Operation.Kind kind, long amount, long balance, OptionalLong counterpart, Instant createdAt) {}
