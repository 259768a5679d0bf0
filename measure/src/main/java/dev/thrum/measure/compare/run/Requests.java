package dev.thrum.measure.compare.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the servers.
 *
 * @param target the path of an HTTP request, such as {@code /time}; null for lines
 * @param lines the lines that each connection sends in turn
 * @param greeting how long to wait for lines that a server sends before it is asked
 */
public record Requests(@Nullable String target, List<String> lines, Duration greeting) {
    private static final String HTTP = "http";
    private static final String LINES = "lines";

    public Requests {
        lines = List.copyOf(lines);
    }

    /** The same request over HTTP, again and again. */
    public static Requests http(String target) {
        return new Requests(target, List.of(), Duration.ZERO);
    }

    /** Lines, each of which is answered with one line. */
    public static Requests lines(List<String> lines, Duration greeting) {
        return new Requests(null, lines, greeting);
    }

    /** The arguments of a process from which {@link #of} makes them again. */
    List<String> arguments() {
        if (target != null) {
            return List.of(HTTP, target);
        }
        List<String> words = new ArrayList<>(List.of(LINES, Long.toString(greeting.toMillis())));
        words.addAll(lines);
        return words;
    }

    static Requests of(List<String> arguments) {
        return arguments.getFirst().equals(HTTP)
                ? http(arguments.get(1))
                : lines(arguments.subList(2, arguments.size()), Duration.ofMillis(Long.parseLong(arguments.get(1))));
    }
}
