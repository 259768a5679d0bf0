package dev.thrum.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What a measurement with lines was asked for.
 *
 * @param rounds how often each contender is measured at each number of connections
 * @param window how long, each time
 * @param contenders who takes part
 * @param connections the numbers of connections
 */
record LineOptions(int rounds, Duration window, List<Contender> contenders, List<Integer> connections) {
    private static final int MAX_ROUNDS = 1_000;
    private static final int MAX_CONNECTIONS = 15_000;
    private static final double MAX_SECONDS = 60;
    private static final double NANOS = 1e9;

    /** What {@code lines} does when it is told nothing else. */
    static LineOptions lines() {
        return new LineOptions(10, Duration.ofSeconds(2), Contender.all(), List.of(8, 64, 1_000));
    }

    /** What {@code lines-idle} does when it is told nothing else; it has no window. */
    static LineOptions idle() {
        return new LineOptions(3, Duration.ZERO, Contender.all(), List.of(10_000));
    }

    /** These with what the arguments say; an {@link UsageException} tells what is wrong with them. */
    LineOptions with(List<String> arguments) {
        LineOptions options = this;
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (i + 1 == arguments.size()) {
                throw new UsageException("expected a value after " + name + " but there was none");
            }
            options = options.with(name, arguments.get(i + 1));
        }
        return options;
    }

    private LineOptions with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new LineOptions(count(name, value, MAX_ROUNDS), window, contenders, connections);
            case "--only" -> new LineOptions(rounds, window, contenders(value), connections);
            case "--connections" -> new LineOptions(rounds, window, contenders, counts(name, value));
            case "--window" -> new LineOptions(rounds, seconds(value), contenders, connections);
            default -> throw new UsageException("expected --rounds, --window, --only or --connections but was " + name);
        };
    }

    private static List<Integer> counts(String name, String value) {
        return Arrays.stream(value.split(","))
                .map(part -> count(name, part, MAX_CONNECTIONS))
                .distinct()
                .toList();
    }

    private static int count(String name, String value, int max) {
        if (!value.matches("\\d{1,9}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > max) {
            throw new UsageException(
                    "expected a whole number from 1 to " + max + " after " + name + " but was '" + value + "'");
        }
        return Integer.parseInt(value);
    }

    private static Duration seconds(String value) {
        if (!value.matches("\\d{1,3}(\\.\\d{1,3})?") || Double.parseDouble(value) > MAX_SECONDS) {
            throw new UsageException("expected seconds, 60 at most, after --window but was '" + value + "'");
        }
        Duration window = Duration.ofNanos((long) (Double.parseDouble(value) * NANOS));
        if (window.toMillis() < 10) {
            throw new UsageException("expected a window of 0.01 s or more but was '" + value + "'");
        }
        return window;
    }

    /** Each part names a contender, or all styles of an engine. */
    private static List<Contender> contenders(String value) {
        List<String> parts = List.of(value.split(","));
        for (String part : parts) {
            if (Contender.all().stream().noneMatch(contender -> contender.answersTo(part))) {
                throw new UsageException(
                        "expected contenders after --only, of " + Contender.names() + ", but was '" + part + "'");
            }
        }
        return Contender.all().stream()
                .filter(contender -> parts.stream().anyMatch(contender::answersTo))
                .toList();
    }
}
