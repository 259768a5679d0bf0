package dev.thrum.bench.options;

import java.time.Duration;
import java.util.List;

/**
 * The options of {@code thrum bench load}.
 *
 * @param rounds the number of runs of each generator in part {@link #WRK}
 * @param window how long each of them measures
 * @param parts the parts to measure
 */
public record LoadOptions(int rounds, Duration window, List<String> parts) {
    /** {@code thrum load} and wrk. */
    public static final String WRK = "wrk";

    /** Comparisons of servers that are the same. */
    public static final String SAME = "same";

    /** The same comparison again and again. */
    public static final String REPEATS = "repeats";

    /** Comparisons with a server that needs a tenth more CPU. */
    public static final String BURN = "burn";

    private static final List<String> PARTS = List.of(WRK, SAME, REPEATS, BURN);

    public LoadOptions {
        parts = List.copyOf(parts);
    }

    /** The defaults with the arguments applied; throws a {@link UsageException} if an argument is wrong. */
    public static LoadOptions of(List<String> arguments) {
        return Arguments.apply(new LoadOptions(10, Duration.ofSeconds(10), PARTS), arguments, LoadOptions::with);
    }

    public boolean has(String part) {
        return parts.contains(part);
    }

    private LoadOptions with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new LoadOptions(ContestOptions.rounds(value), window, parts);
            case "--window" -> new LoadOptions(rounds, wholeSeconds(value), parts);
            case "--only" -> new LoadOptions(rounds, window, Arguments.parts(value, PARTS));
            default -> throw new UsageException("expected --rounds, --window or --only but was " + name);
        };
    }

    /** The other generator knows no parts of seconds. */
    private static Duration wholeSeconds(String value) {
        return Duration.ofSeconds(ContestOptions.count("--window", value, 60));
    }
}
