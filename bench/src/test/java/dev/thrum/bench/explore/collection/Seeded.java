package dev.thrum.bench.explore.collection;

/** A small copy of one of our own structures, into which one fault may be seeded, given by a description. */
abstract class Seeded implements Shown {
    /** The argument of a copy without a fault. */
    static final String NONE = "none";

    private final String fault;

    Seeded(String fault) {
        this.fault = fault;
    }

    final boolean has(String one) {
        return fault.equals(one);
    }
}
