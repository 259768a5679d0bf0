package dev.thrum.bench.options;

import java.util.List;

/**
 * The options of {@code thrum bench mine}.
 *
 * @param rounds the number of runs of each program
 * @param pages the number of pages of each run
 */
public record PagesOptions(int rounds, int pages) {
    private static final int ROUNDS = 3;
    private static final int PAGES = 20_000;

    /** The defaults with the arguments applied; throws a {@link UsageException} if an argument is wrong. */
    public static PagesOptions of(List<String> arguments) {
        return Arguments.apply(new PagesOptions(ROUNDS, PAGES), arguments, PagesOptions::with);
    }

    private PagesOptions with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new PagesOptions(ContestOptions.rounds(value), pages);
            case "--pages" -> new PagesOptions(rounds, Arguments.number(value, "pages"));
            default -> throw new UsageException("expected --rounds or --pages but was " + name);
        };
    }
}
