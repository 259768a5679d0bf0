package dev.thrum.bench.options;

import java.time.Duration;
import java.util.List;

/**
 * The options of {@code thrum bench outgoing} and {@code thrum bench client}.
 *
 * @param rounds the number of measurements
 * @param window the length of a measurement
 * @param conversations the numbers of simultaneous conversations
 */
public record OutgoingOptions(int rounds, Duration window, List<Integer> conversations) {
    /** The defaults with the arguments applied; throws a {@link UsageException} if an argument is wrong. */
    public static OutgoingOptions of(List<String> arguments) {
        return Arguments.apply(
                new OutgoingOptions(10, Duration.ofSeconds(2), List.of(64)), arguments, OutgoingOptions::with);
    }

    private OutgoingOptions with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new OutgoingOptions(ContestOptions.rounds(value), window, conversations);
            case "--window" -> new OutgoingOptions(rounds, ContestOptions.seconds(value), conversations);
            case "--connections" -> new OutgoingOptions(rounds, window, ContestOptions.counts(name, value));
            default -> throw new UsageException("expected --rounds, --window or --connections but was " + name);
        };
    }
}
