package dev.thrum.bench.options;

import java.util.List;

/**
 * The options of {@code thrum bench explore}.
 *
 * @param rounds the number of measurements of each figure
 * @param schedules the number of schedules after which the heap is measured; a hundredth of it is what it is compared with
 * @param kinds how many kinds of the collection Lincheck runs
 * @param parts the parts to measure, in the order of the tables
 */
public record ExploreOptions(int rounds, int schedules, int kinds, List<String> parts) {
    public static final String STEPS = "steps";
    public static final String SCHEDULES = "schedules";
    public static final String COLLECTION = "collection";
    public static final String REDUCTION = "reduction";
    public static final String HEAP = "heap";
    public static final String LINCHECK = "lincheck";

    private static final List<String> PARTS = List.of(STEPS, SCHEDULES, COLLECTION, REDUCTION, HEAP, LINCHECK);
    private static final int LEAST_SCHEDULES = 1_000;

    /** The defaults with the arguments applied; throws a {@link UsageException} if an argument is wrong. */
    public static ExploreOptions of(List<String> arguments) {
        return Arguments.apply(
                new ExploreOptions(5, 1_000_000, Integer.MAX_VALUE, PARTS), arguments, ExploreOptions::with);
    }

    private ExploreOptions with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new ExploreOptions(ContestOptions.rounds(value), schedules, kinds, parts);
            case "--schedules" -> new ExploreOptions(rounds, schedules(value), kinds, parts);
            case "--kinds" -> new ExploreOptions(rounds, schedules, Arguments.number(value, "kinds"), parts);
            case "--only" -> new ExploreOptions(rounds, schedules, kinds, Arguments.parts(value, PARTS));
            default -> throw new UsageException("expected --rounds, --schedules, --kinds or --only but was " + name);
        };
    }

    private static int schedules(String value) {
        int number = Arguments.number(value, "schedules");
        if (number < LEAST_SCHEDULES) {
            throw new UsageException("expected at least " + LEAST_SCHEDULES
                    + " schedules, because a hundredth of them is compared with them, but was " + value);
        }
        return number;
    }

    public boolean has(String part) {
        return parts.contains(part);
    }
}
