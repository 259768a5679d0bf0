package dev.thrum.bench.options;

import java.time.Duration;
import java.util.List;

/**
 * The options of {@code thrum bench store}.
 *
 * @param rounds the number of measurements of each server under each load
 * @param window the length of a measurement
 * @param parts the parts to measure, in the order of the tables
 */
public record StoreOptions(int rounds, Duration window, List<String> parts) {
    public static final String INSERTS = "inserts";
    public static final String API = "api";
    public static final String HANG = "hang";

    private static final List<String> PARTS = List.of(INSERTS, API, HANG);

    /** The defaults. */
    public static StoreOptions defaults() {
        return new StoreOptions(10, Duration.ofSeconds(2), PARTS);
    }

    /** These options with the arguments applied; throws a {@link UsageException} if an argument is wrong. */
    public StoreOptions with(List<String> arguments) {
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
