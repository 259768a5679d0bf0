package dev.thrum.store;

import java.util.OptionalLong;

/**
 * A part of a list whose newest element comes first.
 *
 * @param limit the maximum number of elements
 * @param after the page begins after the element with this id; empty for the first page
 */
public record Page(int limit, OptionalLong after) {
    /** The largest limit. */
    public static final int MOST = 10_000;

    public Page {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("expected a limit from 1 to " + MOST + " but was " + limit);
        }
    }

    /** The first 100 elements. */
    public static Page first() {
        return new Page(100, OptionalLong.empty());
    }

    /** An exclusive upper bound of the ids on this page. */
    long below() {
        return after.orElse(Long.MAX_VALUE);
    }
}
