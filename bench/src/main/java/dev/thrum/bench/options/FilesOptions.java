package dev.thrum.bench.options;

import java.time.Duration;
import java.util.List;

/**
 * The options of {@code thrum bench files}.
 *
 * @param rounds the number of measurements of each server under each load
 * @param window the length of a measurement; a pass over cold files has no fixed length
 * @param parts the parts to measure, in the order of the tables
 */
public record FilesOptions(int rounds, Duration window, List<String> parts) {
    public static final String SMALL = "small";
    public static final String LARGE = "large";
    public static final String MANY = "many";
    public static final String COLD = "cold";

    private static final List<String> PARTS = List.of(SMALL, LARGE, MANY, COLD);

    /** The defaults. */
    public static FilesOptions defaults() {
        return new FilesOptions(10, Duration.ofSeconds(2), PARTS);
    }

    /** These options with the arguments applied; throws a {@link UsageException} if an argument is wrong. */
    public FilesOptions with(List<String> arguments) {
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
