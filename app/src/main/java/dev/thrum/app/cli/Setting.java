package dev.thrum.app.cli;

/**
 * A value for a flag that is not on the command line.
 *
 * @param source its origin, for messages: {@code THRUM_CONSOLE}, or {@code thrum.conf:3: console}
 */
record Setting(String source, String value) {}
