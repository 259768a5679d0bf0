package dev.thrum.bench;

import java.time.Duration;
import java.util.List;

/**
 * What {@code thrum bench files} was asked for.
 *
 * @param rounds how often everything is measured
 * @param window how long, each time; a pass over cold files takes as long as it takes
 * @param parts what is measured, in the order of the tables
 */
record FilesOptions(int rounds, Duration window, List<String> parts) {
    static final String SMALL = "small";
    static final String LARGE = "large";
    static final String MANY = "many";
    static final String COLD = "cold";

    private static final List<String> PARTS = List.of(SMALL, LARGE, MANY, COLD);

    /** What it does when it is told nothing else. */
    static FilesOptions defaults() {
        return new FilesOptions(10, Duration.ofSeconds(2), PARTS);
    }

    /** These with what the arguments say; an {@link UsageException} tells what is wrong with them. */
    FilesOptions with(List<String> arguments) {
        FilesOptions options = this;
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (i + 1 == arguments.size()) {
                throw new UsageException("expected a value after " + name + " but there was none");
            }
            options = options.with(name, arguments.get(i + 1));
        }
        return options;
    }

    private FilesOptions with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new FilesOptions(ContestOptions.rounds(value), window, parts);
            case "--window" -> new FilesOptions(rounds, ContestOptions.seconds(value), parts);
            case "--only" -> new FilesOptions(rounds, window, parts(value));
            default -> throw new UsageException("expected --rounds, --window or --only but was " + name);
        };
    }

    private static List<String> parts(String value) {
        List<String> asked = List.of(value.split(",", -1));
        for (String part : asked) {
            if (!PARTS.contains(part)) {
                throw new UsageException("expected small, large, many or cold after --only but was '" + part + "'");
            }
        }
        return PARTS.stream().filter(asked::contains).toList();
    }
}
