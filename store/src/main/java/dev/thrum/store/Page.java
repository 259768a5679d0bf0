package dev.thrum.store;

import java.util.OptionalLong;

/**
 * Which part of a list is wanted, the newest first.
 *
 * @param limit at most so many
 * @param after only what is older than the element with this id
 */
public record Page(int limit, OptionalLong after) {
    /** The most that one answer holds. */
    public static final int MOST = 10_000;

    public Page {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("expected a limit from 1 to " + MOST + " but was " + limit);
        }
    }

    /** The first one hundred. */
    public static Page first() {
        return new Page(100, OptionalLong.empty());
    }

    /** What every id of this page is less than. */
    long below() {
        return after.orElse(Long.MAX_VALUE);
    }
}
