package dev.thrum.bench.options;

import java.util.List;

/** The options of a measurement: pairs of a name and a value. */
public final class Arguments {
    private Arguments() {}

    /** Applies one option. */
    @FunctionalInterface
    public interface Change<O> {
        O with(O options, String name, String value);
    }

    /** Applies all arguments to the options; throws a {@link UsageException} if a name has no value. */
    public static <O> O apply(O options, List<String> arguments, Change<O> change) {
        O changed = options;
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (i + 1 == arguments.size()) {
                throw new UsageException("expected a value after " + name + " but there was none");
            }
            changed = change.with(changed, name, arguments.get(i + 1));
        }
        return changed;
    }

    /** The parts in a comma-separated value, in the order of {@code known}. */
    public static List<String> parts(String value, List<String> known) {
        List<String> asked = List.of(value.split(",", -1));
        for (String part : asked) {
            if (!known.contains(part)) {
                String others = String.join(", ", known.subList(0, known.size() - 1));
                throw new UsageException(
                        "expected " + others + " or " + known.getLast() + " after --only but was '" + part + "'");
            }
        }
        return known.stream().filter(asked::contains).toList();
    }

    /** The number in a value, from 1 to 9,999,999. */
    static int number(String value, String what) {
        if (value.matches("[1-9]\\d{0,6}")) {
            return Integer.parseInt(value);
        }
        throw new UsageException("expected a number of " + what + " from 1 to 9999999 but was " + value);
    }
}
