package dev.thrum.events;

import org.junit.jupiter.api.Assumptions;

/**
 * Skips tests of transports that this system doesn't have: epoll and io_uring exist only on Linux, and a sandbox may
 * forbid io_uring.
 */
final class Available {
    private Available() {}

    /** Returns these options if this system has their transport; otherwise the test is skipped. */
    static EventOptions here(EventOptions options) {
        options.transport()
                .problem()
                .ifPresent(problem -> Assumptions.abort("no " + options.transport() + " here: " + problem));
        return options;
    }
}
