package dev.thrum.base;

/**
 * What an offloaded task does. Each kind has a small pool of threads of its own, so that tasks of one kind never hold the
 * threads that another kind needs.
 */
public enum Offload {
    /** Files, and what else blocks a thread: native code, the driver of an embedded database. At most 16 at a time. */
    FILES,

    /** Looking up host names, which can take many seconds where a name server does not reply. At most 8 at a time. */
    NAMES,

    /** Long computations. At most as many at a time as there are processors. */
    COMPUTE
}
