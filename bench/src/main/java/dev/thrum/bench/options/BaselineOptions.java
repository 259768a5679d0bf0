package dev.thrum.bench.options;

import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.Load;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The options of {@code thrum bench lines} and {@code thrum bench http} with {@code --baseline}.
 *
 * @param protocol lines or HTTP
 * @param baseline the package that this checkout is compared with; empty until the option is read
 * @param rounds the number of measurements of each server under each load
 * @param window the length of a measurement
 * @param engines the names of the engines, with their transports
 * @param connections the numbers of connections
 */
public record BaselineOptions(
        Protocol protocol,
        Optional<Path> baseline,
        int rounds,
        Duration window,
        List<String> engines,
        List<Integer> connections) {
    public static final String FLAG = "--baseline";

    /** The program's jar, in a package of now and of the first commits. */
    private static final List<String> JARS = List.of("lib/app/thrum.jar", "lib/thrum.jar");

    private static final List<String> ENGINES =
            List.of("events-epoll", "events-io_uring", "events-nio", "virtual", "threads");

    public static BaselineOptions of(Protocol protocol, List<String> arguments) {
        List<Integer> connections = protocol == Protocol.LINES ? List.of(8, 64, 1_000) : List.of(64, 1_024);
        BaselineOptions defaults =
                new BaselineOptions(protocol, Optional.empty(), 10, Duration.ofSeconds(2), ENGINES, connections);
        return Arguments.apply(defaults, arguments, BaselineOptions::with);
    }

    private BaselineOptions with(String name, String value) {
        return switch (name) {
            case FLAG ->
                new BaselineOptions(protocol, Optional.of(folder(value)), rounds, window, engines, connections);
            case "--rounds" ->
                new BaselineOptions(protocol, baseline, ContestOptions.rounds(value), window, engines, connections);
            case "--window" ->
                new BaselineOptions(protocol, baseline, rounds, ContestOptions.seconds(value), engines, connections);
            case "--only" ->
                new BaselineOptions(protocol, baseline, rounds, window, Arguments.parts(value, ENGINES), connections);
            case "--connections" ->
                new BaselineOptions(protocol, baseline, rounds, window, engines, ContestOptions.counts(name, value));
            default ->
                throw new UsageException(
                        "expected " + FLAG + ", --rounds, --window, --only or --connections but was " + name);
        };
    }

    /** The value of {@code --baseline}. */
    public static Path folder(String value) {
        Path folder = Path.of(value).toAbsolutePath();
        if (!Files.isExecutable(folder.resolve("thrum")) || JARS.stream().noneMatch(jar -> isFile(folder, jar))) {
            throw new UsageException("expected a folder made by ./thrum package after " + FLAG + " but was '" + value
                    + "': run ./thrum package DIR in a checkout of the earlier commit");
        }
        return folder;
    }

    private static boolean isFile(Path folder, String name) {
        return Files.isRegularFile(folder.resolve(name));
    }

    public List<Load> loads() {
        List<Exchange> exchanges = protocol == Protocol.LINES
                ? List.of(Exchange.CONSOLE_LINE, Exchange.ECHO_LINE)
                : List.of(Exchange.TIME, Exchange.ECHO);
        return exchanges.stream()
                .flatMap(exchange -> connections.stream().map(number -> new Load(exchange, number)))
                .toList();
    }
}
