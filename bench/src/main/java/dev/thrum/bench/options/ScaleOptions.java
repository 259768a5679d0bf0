package dev.thrum.bench.options;

import java.util.List;

/**
 * The options of {@code thrum bench scale}.
 *
 * @param rounds the number of measurements of each part
 * @param pages the number of pages that are crawled; {@code workers} crawls four times as many
 * @param parts the parts to measure, in the order of the tables
 */
public record ScaleOptions(int rounds, int pages, List<String> parts) {
    public static final String KAFKA = "kafka";
    public static final String WORKERS = "workers";
    public static final String KILL = "kill";
    public static final String CHAT = "chat";

    private static final List<String> PARTS = List.of(KAFKA, WORKERS, KILL, CHAT);
    private static final int ROUNDS = 5;
    private static final int PAGES = 8_000;

    /** The defaults with the arguments applied; throws a {@link UsageException} if an argument is wrong. */
    public static ScaleOptions of(List<String> arguments) {
        return Arguments.apply(new ScaleOptions(ROUNDS, PAGES, PARTS), arguments, ScaleOptions::with);
    }

    private ScaleOptions with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new ScaleOptions(ContestOptions.rounds(value), pages, parts);
            case "--pages" -> new ScaleOptions(rounds, Arguments.number(value, "pages"), parts);
            case "--only" -> new ScaleOptions(rounds, pages, Arguments.parts(value, PARTS));
            default -> throw new UsageException("expected --rounds, --pages or --only but was " + name);
        };
    }

    public boolean has(String part) {
        return parts.contains(part);
    }
}
