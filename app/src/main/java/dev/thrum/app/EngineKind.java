package dev.thrum.app;

import dev.thrum.engine.Engine;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The engines that can be chosen. */
enum EngineKind {
    THREADS,
    VIRTUAL;

    Engine open(int maxThreads, int maxWaiting) {
        return switch (this) {
            case THREADS -> Engine.threads(maxThreads, maxWaiting);
            case VIRTUAL -> Engine.virtual();
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<EngineKind> {
        @Override
        public EngineKind convert(String value) {
            return switch (value) {
                case "threads" -> THREADS;
                case "virtual" -> VIRTUAL;
                case "events" ->
                    throw new TypeConversionException(
                            "expected threads or virtual but was \"events\", which is not built yet");
                default -> throw new TypeConversionException("expected threads or virtual but was \"" + value + "\"");
            };
        }
    }
}
