package dev.thrum.app.cli;

import java.util.OptionalInt;

/** The port of a service: a number, 0 for any free port, or empty because the service is off. */
public record PortChoice(OptionalInt port) {
    private static final int HIGHEST = 65_535;

    static PortChoice of(int port) {
        return new PortChoice(OptionalInt.of(port));
    }

    static PortChoice off() {
        return new PortChoice(OptionalInt.empty());
    }

    /**
     * Parses a port, or {@code off}.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    static PortChoice parse(String text) {
        if (text.equals("off")) {
            return off();
        }
        if (isPort(text)) {
            return of(Integer.parseInt(text));
        }
        throw new IllegalArgumentException(
                "expected a port from 0 (any that is free) to 65535, or off, but was \"" + text + "\"");
    }

    /**
     * Parses a port that can't be off.
     *
     * @throws IllegalArgumentException if the text is not a port
     */
    public static int parseNumber(String text) {
        if (isPort(text)) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException(
                "expected a port from 0 (any that is free) to 65535 but was \"" + text + "\"");
    }

    private static boolean isPort(String text) {
        return text.matches("\\d{1,5}") && Integer.parseInt(text) <= HIGHEST;
    }

    /** Whether both ask for the same port, which only one can have. */
    public boolean collidesWith(PortChoice other) {
        return port.isPresent() && port.getAsInt() != 0 && port.equals(other.port);
    }

    @Override
    public String toString() {
        return port.isPresent() ? Integer.toString(port.getAsInt()) : "off";
    }
}
