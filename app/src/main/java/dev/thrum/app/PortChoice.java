package dev.thrum.app;

import java.util.OptionalInt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The port of a service: a number, 0 for one that is free, or none because the service is off. */
record PortChoice(OptionalInt port) {
    static PortChoice of(int port) {
        return new PortChoice(OptionalInt.of(port));
    }

    /** Whether both ask for the same port, which only one can have. */
    boolean collidesWith(PortChoice other) {
        return port.isPresent() && port.getAsInt() != 0 && port.equals(other.port);
    }

    @Override
    public String toString() {
        return port.isPresent() ? Integer.toString(port.getAsInt()) : "off";
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<PortChoice> {
        private static final int HIGHEST = 65_535;

        @Override
        public PortChoice convert(String value) {
            if (value.equals("off")) {
                return new PortChoice(OptionalInt.empty());
            }
            if (value.matches("\\d{1,5}") && Integer.parseInt(value) <= HIGHEST) {
                return of(Integer.parseInt(value));
            }
            throw new TypeConversionException(
                    "expected a port from 0 (any that is free) to 65535, or off, but was \"" + value + "\"");
        }
    }
}
