package dev.thrum.base;

/**
 * The kinds of offloaded tasks. Each kind has its own small pool of threads, so that tasks of one kind never hold the
 * threads that another kind needs.
 */
public enum Offload {
    /** Files and other blocking code: native code, the driver of an embedded database. At most 16 at a time. */
    FILES,

    /** Host name lookups, which can take many seconds if a name server does not reply. At most 8 at a time. */
    NAMES,

    /** Long computations. At most as many at a time as there are processors. */
    COMPUTE
}
