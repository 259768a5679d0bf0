package dev.thrum.events;

import org.junit.jupiter.api.Assumptions;

/** Leaves out what this system does not have: epoll and io_uring are Linux's, and a sandbox may forbid the latter. */
final class Available {
    private Available() {}

    /** These options, if this system has their transport; else the test is left out. */
    static EventOptions here(EventOptions options) {
        options.transport()
                .problem()
                .ifPresent(problem -> Assumptions.abort("no " + options.transport() + " here: " + problem));
        return options;
    }
}
