package dev.thrum.app;

import dev.thrum.events.TransportKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The engines that can be chosen. */
enum EngineKind {
    THREADS,
    VIRTUAL,
    EVENTS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** One of these constants, by the name that its {@code toString} gives. */
    static <E extends Enum<E>> E named(String value, Class<E> type) {
        Optional<E> found = Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.toString().equals(value))
                .findFirst();
        return found.orElseThrow(() -> new TypeConversionException("expected "
                + Arrays.stream(type.getEnumConstants())
                        .map(Enum::toString)
                        .collect(Collectors.joining(", "))
                        .replaceFirst(", (\\w+)$", " or $1")
                + " but was \"" + value + "\""));
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<EngineKind> {
        @Override
        public EngineKind convert(String value) {
            return named(value, EngineKind.class);
        }
    }

    /** For picocli. */
    static final class TransportConverter implements ITypeConverter<TransportKind> {
        @Override
        public TransportKind convert(String value) {
            return named(value, TransportKind.class);
        }
    }
}
