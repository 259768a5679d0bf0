package dev.thrum.app.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The flags under one heading of a command's help, in order. Each kind of value has one method, which defines how such a
 * value is parsed and how the help shows its default.
 *
 * <p>Owned by the thread that reads the command line.
 */
public final class Flags {
    private final String heading;
    private final List<OptionSpec> options = new ArrayList<>();

    public Flags(String heading) {
        this.heading = heading;
    }

    public String heading() {
        return heading;
    }

    List<OptionSpec> options() {
        return options;
    }

    /** The port of a service, which can be off. */
    public Flag<PortChoice> port(String name, int port, String text) {
        return value(name, "PORT", PortChoice.of(port), PortChoice::parse, text);
    }

    /** The port of a service that is off by default. */
    public Flag<PortChoice> portOrOff(String name, String text) {
        return value(name, "PORT", PortChoice.off(), PortChoice::parse, text);
    }

    /** A number of at least one. */
    public Flag<Integer> count(String name, int initial, String text) {
        return value(name, "N", initial, value -> wholeNumber(value, 1), text);
    }

    /** A number of at least zero. */
    public Flag<Integer> countOrZero(String name, int initial, String text) {
        return value(name, "N", initial, value -> wholeNumber(value, 0), text);
    }

    /** A duration of at least a millisecond. */
    public Flag<TimeSpan> time(String name, String initial, String text) {
        return value(name, "TIME", TimeSpan.of(initial), TimeSpan::positive, text);
    }

    /** A duration, which can be zero. */
    public Flag<TimeSpan> timeOrZero(String name, String initial, String text) {
        return value(name, "TIME", TimeSpan.of(initial), TimeSpan::of, text);
    }

    /** A constant of an enumeration; users type its {@code toString}. */
    public <E extends Enum<E>> Flag<E> choice(String name, String label, E initial, String text) {
        List<E> all = List.of(initial.getDeclaringClass().getEnumConstants());
        Flag<E> flag = new Flag<>(initial, value -> named(value, all));
        options.add(option(name, label, withDefault(text, initial), flag)
                .completionCandidates(all.stream().map(Enum::toString).toList())
                .build());
        return flag;
    }

    /** A flag without a value. */
    public Flag<Boolean> on(String name, String text) {
        return on(name, text, _ -> false);
    }

    /**
     * A flag without a value, whose name another command uses with one.
     *
     * @param ofOthers tells which values of a variable or of the configuration file are for other commands, and ignored
     */
    public Flag<Boolean> on(String name, String text, Predicate<String> ofOthers) {
        Flag<Boolean> flag = new Flag<>(false, Flags::trueOrFalse, ofOthers);
        options.add(option(name, "", text, flag)
                .type(Boolean.class)
                // Otherwise a flag on the command line would invert the value of its variable.
                .fallbackValue("true")
                .build());
        return flag;
    }

    /** A text; null by default. */
    public Flag<@Nullable String> text(String name, String label, String text) {
        Flag<@Nullable String> flag = new Flag<@Nullable String>(null, Function.identity());
        options.add(option(name, label, text, flag).build());
        return flag;
    }

    /** A list of texts, separated by commas or from several uses of the flag. */
    public Flag<List<String>> texts(String name, String label, String text) {
        Flag<List<String>> flag = new Flag<>(List.of(), Function.identity());
        options.add(option(name, label, text, flag)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .splitRegex(",")
                .build());
        return flag;
    }

    /**
     * A list of values of any kind, one from each use of the flag.
     *
     * @param parser converts text to a value; throws {@code IllegalArgumentException} whose message says what it expected
     */
    public <T> Flag<List<T>> each(String name, String label, Function<String, T> parser, String text) {
        Flag<List<T>> flag = new Flag<>(List.of(), parser);
        options.add(option(name, label, text, flag)
                .type(List.class)
                .auxiliaryTypes(Object.class)
                .build());
        return flag;
    }

    /** A text with a short name, too; null by default. */
    public Flag<@Nullable String> text(String shortName, String name, String label, String text) {
        Flag<@Nullable String> flag = new Flag<@Nullable String>(null, Function.identity());
        options.add(option(name, label, text, flag).names(shortName, name).build());
        return flag;
    }

    /**
     * A value of any kind; null by default.
     *
     * @param parser converts text to a value; throws {@code IllegalArgumentException} whose message says what it expected
     */
    public <T> Flag<@Nullable T> optional(String name, String label, Function<String, T> parser, String text) {
        Flag<@Nullable T> flag = new Flag<@Nullable T>(null, parser);
        options.add(option(name, label, text, flag).build());
        return flag;
    }

    /** A number in this range. */
    public Flag<Integer> number(String name, int initial, int least, int most, String text) {
        return value(name, "N", initial, value -> within(value, least, most), text);
    }

    /**
     * A value of any other kind.
     *
     * @param parser converts text to a value; throws {@code IllegalArgumentException} whose message says what it expected
     */
    public <T> Flag<T> value(String name, String label, T initial, Function<String, T> parser, String text) {
        Flag<T> flag = new Flag<>(initial, parser);
        options.add(option(name, label, withDefault(text, initial), flag).build());
        return flag;
    }

    /**
     * The folder that an argument names.
     *
     * @param argument for the message: its flag, or its label
     * @throws IllegalArgumentException if it is not a valid path
     */
    public static Path folder(String argument, String name) {
        return path(argument, "a folder", name);
    }

    /** The file that an argument names, likewise. */
    public static Path file(String argument, String name) {
        return path(argument, "a file", name);
    }

    private static Path path(String argument, String kind, String name) {
        try {
            if (!name.isBlank()) {
                return Path.of(name);
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "expected " + argument + " to name " + kind + " but was \"" + name + "\"", e);
        }
        throw new IllegalArgumentException("expected " + argument + " to name " + kind + " but it was empty");
    }

    private static OptionSpec.Builder option(String name, String label, String text, Flag<?> flag) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .description(text)
                .type(Object.class)
                .hasInitialValue(false)
                .getter(flag)
                .setter(flag)
                .converters(flag);
    }

    /** Appends the default, unless the text has its own: some defaults depend on other things. */
    private static String withDefault(String text, Object initial) {
        return text.contains("(default: ") ? text : text + " (default: " + initial + ")";
    }

    private static int within(String text, int least, int most) {
        if (text.matches("\\d{1,9}") && Integer.parseInt(text) >= least && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException(
                "expected a whole number from " + least + " to " + most + " but was \"" + text + "\"");
    }

    private static int wholeNumber(String text, int least) {
        return within(text, least, 999_999_999);
    }

    static boolean trueOrFalse(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false but was \"" + text + "\"");
        };
    }

    private static <E extends Enum<E>> E named(String text, List<E> all) {
        return all.stream()
                .filter(one -> one.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected "
                        + all.stream()
                                .map(Enum::toString)
                                .collect(Collectors.joining(", "))
                                .replaceFirst(", (\\w+)$", " or $1")
                        + " but was \"" + text + "\""));
    }
}
