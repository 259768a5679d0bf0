package dev.thrum.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The flags below one heading of a command's help, in its order. A method for each kind of value says once how such a
 * value is read, and how the help shows its default.
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

    /** A duration, which can be none. */
    public Flag<TimeSpan> timeOrZero(String name, String initial, String text) {
        return value(name, "TIME", TimeSpan.of(initial), TimeSpan::of, text);
    }

    /** One constant of an enumeration, whose {@code toString} is what is typed. */
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
        Flag<Boolean> flag = new Flag<>(false, Flags::trueOrFalse);
        options.add(option(name, "", text, flag)
                .type(Boolean.class)
                // Else the flag would mean the opposite of its variable.
                .fallbackValue("true")
                .build());
        return flag;
    }

    /** Text, of which there is none by default. */
    public Flag<@Nullable String> text(String name, String label, String text) {
        Flag<@Nullable String> flag = new Flag<@Nullable String>(null, Function.identity());
        options.add(option(name, label, text, flag).build());
        return flag;
    }

    /** Texts with commas between them, or from a flag that is given several times. */
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
     * A value of any other kind.
     *
     * @param parser makes a value of text; throws {@code IllegalArgumentException} with what it expected
     */
    public <T> Flag<T> value(String name, String label, T initial, Function<String, T> parser, String text) {
        Flag<T> flag = new Flag<>(initial, parser);
        options.add(option(name, label, withDefault(text, initial), flag).build());
        return flag;
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

    /** Some texts say themselves what the default is, because it depends on something. */
    private static String withDefault(String text, Object initial) {
        return text.contains("(default: ") ? text : text + " (default: " + initial + ")";
    }

    private static int wholeNumber(String text, int least) {
        if (text.matches("\\d{1,9}") && Integer.parseInt(text) >= least) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException(
                "expected a whole number from " + least + " to 999999999 but was \"" + text + "\"");
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
