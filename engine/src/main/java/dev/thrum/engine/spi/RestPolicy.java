package dev.thrum.engine.spi;

/** When a connection that waits for its next exchange gives its thread back, on engines where it can. */
public enum RestPolicy {
    /** After two seconds of silence, or, on engine {@code threads}, while half of the workers or more are taken. */
    WHEN_IDLE,
    /** At once, every time: for tests and measurements. */
    AT_ONCE
}
