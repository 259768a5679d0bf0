package dev.thrum.app.cli;

import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.TypeConversionException;

/**
 * A flag of a command, with its value.
 *
 * <p>Owned by the thread that reads the command line, which runs the command afterwards.
 */
public final class Flag<T extends @Nullable Object> implements IGetter, ISetter, ITypeConverter<@Nullable Object> {
    private final Function<String, ?> parser;
    private final Predicate<String> ofOthers;
    private T value;

    /**
     * A flag with its default.
     *
     * @param parser converts text to a value; throws {@code IllegalArgumentException} whose message says what it expected
     */
    Flag(T initial, Function<String, ?> parser) {
        this(initial, parser, _ -> false);
    }

    /**
     * A flag whose name other commands use for something else.
     *
     * @param ofOthers tells which values of a variable or of the configuration file are for other commands
     */
    Flag(T initial, Function<String, ?> parser, Predicate<String> ofOthers) {
        this.value = initial;
        this.parser = parser;
        this.ofOthers = ofOthers;
    }

    /** Whether this value of a variable or of the configuration file is for other commands. */
    boolean isOfOthers(String given) {
        return ofOthers.test(given);
    }

    public T value() {
        return value;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <V> V get() {
        return (V) value;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <V> V set(V parsed) {
        value = (T) parsed;
        return parsed;
    }

    @Override
    public @Nullable Object convert(String text) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
