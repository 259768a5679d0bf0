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

    private static final int HIGHEST = 65_535;

    private static boolean isPort(String value) {
        return value.matches("\\d{1,5}") && Integer.parseInt(value) <= HIGHEST;
    }

    /** For picocli, where a port can't be off. */
    static final class NumberConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (isPort(value)) {
                return Integer.valueOf(value);
            }
            throw new TypeConversionException(
                    "expected a port from 0 (any that is free) to 65535 but was \"" + value + "\"");
        }
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<PortChoice> {
        @Override
        public PortChoice convert(String value) {
            if (value.equals("off")) {
                return new PortChoice(OptionalInt.empty());
            }
            if (isPort(value)) {
                return of(Integer.parseInt(value));
            }
            throw new TypeConversionException(
                    "expected a port from 0 (any that is free) to 65535, or off, but was \"" + value + "\"");
        }
    }
}
