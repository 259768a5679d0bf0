package dev.thrum.bench;

import java.util.List;

/** Options of a measurement, as they are typed: a name and a value each. */
public final class Arguments {
    private Arguments() {}

    /** Changes options by one argument. */
    @FunctionalInterface
    interface Change<O> {
        O with(O options, String name, String value);
    }

    /** The options with all that the arguments say; a {@link UsageException} if a name has no value. */
    static <O> O apply(O options, List<String> arguments, Change<O> change) {
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

    /** Those of the known parts that are asked for, with commas between, in the order in which they are known. */
    static List<String> parts(String value, List<String> known) {
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
}
