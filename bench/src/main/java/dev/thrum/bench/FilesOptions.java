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
        return Arguments.apply(this, arguments, FilesOptions::with);
    }

    private FilesOptions with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new FilesOptions(ContestOptions.rounds(value), window, parts);
            case "--window" -> new FilesOptions(rounds, ContestOptions.seconds(value), parts);
            case "--only" -> new FilesOptions(rounds, window, Arguments.parts(value, PARTS));
            default -> throw new UsageException("expected --rounds, --window or --only but was " + name);
        };
    }
}
