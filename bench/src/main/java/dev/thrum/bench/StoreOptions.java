package dev.thrum.bench;

import java.time.Duration;
import java.util.List;

/**
 * What {@code thrum bench store} was asked for.
 *
 * @param rounds how often everything is measured
 * @param window how long, each time
 * @param parts what is measured, in the order of the tables
 */
record StoreOptions(int rounds, Duration window, List<String> parts) {
    static final String INSERTS = "inserts";
    static final String API = "api";
    static final String HANG = "hang";

    private static final List<String> PARTS = List.of(INSERTS, API, HANG);

    /** What it does when it is told nothing else. */
    static StoreOptions defaults() {
        return new StoreOptions(10, Duration.ofSeconds(2), PARTS);
    }

    /** These with what the arguments say; an {@link UsageException} tells what is wrong with them. */
    StoreOptions with(List<String> arguments) {
        return Arguments.apply(this, arguments, StoreOptions::with);
    }

    private StoreOptions with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new StoreOptions(ContestOptions.rounds(value), window, parts);
            case "--window" -> new StoreOptions(rounds, ContestOptions.seconds(value), parts);
            case "--only" -> new StoreOptions(rounds, window, Arguments.parts(value, PARTS));
            default -> throw new UsageException("expected --rounds, --window or --only but was " + name);
        };
    }
}
