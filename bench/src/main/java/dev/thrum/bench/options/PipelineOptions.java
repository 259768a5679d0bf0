package dev.thrum.bench.options;

import java.util.List;

/**
 * The options of {@code thrum bench pipeline}.
 *
 * @param rounds the number of measurements of each side
 * @param items the number of items of a measurement
 */
public record PipelineOptions(int rounds, int items) {
    private static final int MOST_ITEMS = 100_000_000;

    /** The defaults. */
    public static PipelineOptions defaults() {
        return new PipelineOptions(12, 2_000_000);
    }

    /** These options with the arguments applied; throws a {@link UsageException} if an argument is wrong. */
    public PipelineOptions with(List<String> arguments) {
        return Arguments.apply(this, arguments, PipelineOptions::with);
    }

    private PipelineOptions with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new PipelineOptions(ContestOptions.rounds(value), items);
            case "--items" -> new PipelineOptions(rounds, ContestOptions.count(name, value, MOST_ITEMS));
            default -> throw new UsageException("expected --rounds or --items but was " + name);
        };
    }
}
