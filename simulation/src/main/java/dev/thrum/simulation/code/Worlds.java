package dev.thrum.simulation.code;

/** The world of each thread. */
final class Worlds {
    static final InheritableThreadLocal<VirtualTime> CURRENT = new InheritableThreadLocal<>();

    private Worlds() {}
}
