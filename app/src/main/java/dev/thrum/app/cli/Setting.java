package dev.thrum.app.cli;

/**
 * A value for a flag that is not given.
 *
 * @param source where it is from, as messages name it: {@code THRUM_CONSOLE}, or {@code thrum.conf:3: console}
 */
record Setting(String source, String value) {}
