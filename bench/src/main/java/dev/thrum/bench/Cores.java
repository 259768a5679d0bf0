package dev.thrum.bench;

import dev.thrum.measure.Pinning;

/** The cores of two sides that are both measured: as usual, or exchanged, because a core may cost more than another. */
enum Cores {
    STRAIGHT(0),
    EXCHANGED(1);

    private final int server;

    Cores(int server) {
        this.server = server;
    }

    Pinning placed(Pinning usual) {
        return this == STRAIGHT ? usual : usual.exchanged();
    }

    /** The place of the accepting side, for the tables. */
    String title(String side) {
        return side + " on core " + server;
    }
}
