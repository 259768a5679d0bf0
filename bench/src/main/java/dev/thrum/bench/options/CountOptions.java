package dev.thrum.bench.options;

import java.util.List;

/**
 * The options of {@code thrum bench count}.
 *
 * @param rounds the number of runs of each program with each kind of text
 */
public record CountOptions(int rounds) {
    private static final int ROUNDS = 10;

    /** The defaults with the arguments applied; throws a {@link UsageException} if an argument is wrong. */
    public static CountOptions of(List<String> arguments) {
        return Arguments.apply(new CountOptions(ROUNDS), arguments, CountOptions::with);
    }

    private CountOptions with(String name, String value) {
        if (!name.equals("--rounds")) {
            throw new UsageException("expected --rounds but was " + name);
        }
        return new CountOptions(ContestOptions.rounds(value));
    }
}
