package dev.thrum.bench.options;

import java.time.Duration;
import java.util.List;

/**
 * The options of {@code thrum bench load}.
 *
 * @param rounds the number of runs of each generator
 * @param window how long each of them measures
 */
public record LoadOptions(int rounds, Duration window) {
    /** The defaults with the arguments applied; throws a {@link UsageException} if an argument is wrong. */
    public static LoadOptions of(List<String> arguments) {
        return Arguments.apply(new LoadOptions(10, Duration.ofSeconds(10)), arguments, LoadOptions::with);
    }

    private LoadOptions with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new LoadOptions(ContestOptions.rounds(value), window);
            case "--window" -> new LoadOptions(rounds, wholeSeconds(value));
            default -> throw new UsageException("expected --rounds or --window but was " + name);
        };
    }

    /** The other generator knows no parts of seconds. */
    private static Duration wholeSeconds(String value) {
        return Duration.ofSeconds(ContestOptions.count("--window", value, 60));
    }
}
