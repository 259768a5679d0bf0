package dev.thrum.bench.options;

import java.util.List;

/**
 * The options of {@code thrum bench fetch}.
 *
 * @param rounds the number of runs of each program
 * @param parts the parts to measure, in the order of the tables
 */
public record FetchOptions(int rounds, List<String> parts) {
    public static final String MANY = "many";
    public static final String LARGE = "large";
    public static final String WAIT = "wait";

    public static final String FAULTS = "faults";

    private static final List<String> PARTS = List.of(MANY, LARGE, WAIT, FAULTS);
    private static final int ROUNDS = 6;

    /** The defaults with the arguments applied; throws a {@link UsageException} if an argument is wrong. */
    public static FetchOptions of(List<String> arguments) {
        return Arguments.apply(new FetchOptions(ROUNDS, PARTS), arguments, FetchOptions::with);
    }

    private FetchOptions with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new FetchOptions(ContestOptions.rounds(value), parts);
            case "--only" -> new FetchOptions(rounds, Arguments.parts(value, PARTS));
            default -> throw new UsageException("expected --rounds or --only but was " + name);
        };
    }
}
