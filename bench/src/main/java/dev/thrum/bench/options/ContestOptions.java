package dev.thrum.bench.options;

import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.peers.Contender;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The options of a measurement of contenders.
 *
 * @param protocol the protocol of the contenders
 * @param rounds the number of measurements of each contender under each load
 * @param window the length of a measurement
 * @param contenders the contenders to measure
 * @param connections the numbers of connections; pipelined requests have their own
 * @param exchanges the exchanges to measure
 */
public record ContestOptions(
        Protocol protocol,
        int rounds,
        Duration window,
        List<Contender> contenders,
        List<Integer> connections,
        List<Exchange> exchanges) {
    private static final int MAX_ROUNDS = 1_000;
    private static final int MAX_CONNECTIONS = 15_000;
    private static final double MAX_SECONDS = 60;
    private static final double NANOS = 1e9;
    private static final List<Exchange> REQUESTS = List.of(Exchange.PLAINTEXT, Exchange.JSON, Exchange.PIPELINED);
    private static final List<Integer> PIPELINED_AT = List.of(64);

    /** The defaults of {@code lines}. */
    public static ContestOptions lines() {
        return lines(10, Duration.ofSeconds(2), List.of(8, 64, 1_000));
    }

    /** The defaults of {@code lines-idle}, which has no window. */
    public static ContestOptions idle() {
        return lines(3, Duration.ZERO, List.of(10_000));
    }

    /** The defaults of {@code http}. */
    public static ContestOptions http() {
        return new ContestOptions(
                Protocol.HTTP, 10, Duration.ofSeconds(2), Protocol.HTTP.contenders(), List.of(64, 1_024), REQUESTS);
    }

    /** The defaults of {@code log}. */
    public static ContestOptions log() {
        return new ContestOptions(
                Protocol.LOG,
                10,
                Duration.ofSeconds(2),
                Protocol.LOG.contenders(),
                List.of(64),
                List.of(Exchange.PLAINTEXT));
    }

    /** The defaults of {@code push}. */
    public static ContestOptions push() {
        return new ContestOptions(
                Protocol.PUSH,
                10,
                Duration.ofSeconds(2),
                Protocol.PUSH.contenders(),
                List.of(1_000, 10_000),
                List.of(Exchange.BROADCAST, Exchange.BURST));
    }

    private static ContestOptions lines(int rounds, Duration window, List<Integer> connections) {
        return new ContestOptions(
                Protocol.LINES, rounds, window, Protocol.LINES.contenders(), connections, List.of(Exchange.LINE));
    }

    /** The loads to measure, in the order of the tables. */
    public List<Load> loads() {
        return exchanges.stream()
                .flatMap(exchange -> connections(exchange).stream().map(number -> new Load(exchange, number)))
                .toList();
    }

    private List<Integer> connections(Exchange exchange) {
        return exchange == Exchange.PIPELINED ? PIPELINED_AT : connections;
    }

    /** The largest number of simultaneous connections. */
    public int mostConnections() {
        return loads().stream().mapToInt(Load::connections).max().orElse(0);
    }

    /** These options with the arguments applied; throws a {@link UsageException} if an argument is wrong. */
    public ContestOptions with(List<String> arguments) {
        return Arguments.apply(this, arguments, ContestOptions::with);
    }

    private ContestOptions with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new ContestOptions(protocol, rounds(value), window, contenders, connections, exchanges);
            case "--only" -> new ContestOptions(protocol, rounds, window, contenders(value), connections, exchanges);
            case "--window" -> new ContestOptions(protocol, rounds, seconds(value), contenders, connections, exchanges);
            default -> withLoad(name, value);
        };
    }

    private ContestOptions withLoad(String name, String value) {
        String count = protocol == Protocol.PUSH ? "--receivers" : "--connections";
        boolean http = protocol == Protocol.HTTP;
        if (name.equals(count)) {
            return new ContestOptions(protocol, rounds, window, contenders, counts(name, value), exchanges);
        }
        if (!http || !name.equals("--requests")) {
            throw new UsageException("expected --rounds, --window, --only" + (http ? ", --requests" : "") + " or "
                    + count + " but was " + name);
        }
        return withRequests(value);
    }

    private ContestOptions withRequests(String value) {
        List<String> words = List.of(value.split(","));
        for (String word : words) {
            if (Exchange.named(word).filter(REQUESTS::contains).isEmpty()) {
                throw new UsageException(
                        "expected plaintext, json or pipelined after --requests but was '" + word + "'");
            }
        }
        List<Exchange> asked = REQUESTS.stream()
                .filter(exchange -> words.contains(exchange.word()))
                .toList();
        return new ContestOptions(protocol, rounds, window, contenders, connections, asked);
    }

    /** A value of one or more numbers of connections, separated by commas. */
    public static List<Integer> counts(String name, String value) {
        return Arrays.stream(value.split(","))
                .map(part -> count(name, part, MAX_CONNECTIONS))
                .distinct()
                .toList();
    }

    /** The value of {@code --rounds}. */
    public static int rounds(String value) {
        return count("--rounds", value, MAX_ROUNDS);
    }

    static int count(String name, String value, int max) {
        if (!value.matches("\\d{1,9}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > max) {
            throw new UsageException(
                    "expected a whole number from 1 to " + max + " after " + name + " but was '" + value + "'");
        }
        return Integer.parseInt(value);
    }

    /** The value of {@code --window}. */
    public static Duration seconds(String value) {
        if (!value.matches("\\d{1,3}(\\.\\d{1,3})?") || Double.parseDouble(value) > MAX_SECONDS) {
            throw new UsageException("expected at most 60 seconds after --window but was '" + value + "'");
        }
        Duration window = Duration.ofNanos((long) (Double.parseDouble(value) * NANOS));
        if (window.toMillis() < 10) {
            throw new UsageException("expected a window of at least 0.01 s but was '" + value + "'");
        }
        return window;
    }

    /** Each part names a contender, or all styles of an engine. */
    private List<Contender> contenders(String value) {
        List<String> parts = List.of(value.split(","));
        for (String part : parts) {
            if (protocol.contenders().stream().noneMatch(contender -> contender.answersTo(part))) {
                throw new UsageException(
                        "expected contenders after --only (" + protocol.names() + ") but was '" + part + "'");
            }
        }
        return protocol.contenders().stream()
                .filter(contender -> parts.stream().anyMatch(contender::answersTo))
                .toList();
    }
}
