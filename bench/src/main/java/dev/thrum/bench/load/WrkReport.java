package dev.thrum.bench.load;

import dev.thrum.measure.ProgramPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The output of wrk, another load generator.
 *
 * @param lines its lines
 */
public record WrkReport(List<String> lines) {
    private static final Pattern REQUESTS = Pattern.compile("\\s*(\\d+) requests in [\\d.]+\\w+, .*");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s*([\\d.]+)");

    public WrkReport {
        lines = List.copyOf(lines);
    }

    /** The path of wrk; throws an {@link IOException} with the remedy if it isn't installed. */
    public static Path find() throws IOException {
        return ProgramPath.require("wrk", "wrk");
    }

    /** The number of requests that were answered. */
    public long requests() throws IOException {
        return Long.parseLong(found(REQUESTS));
    }

    /** Requests per second. */
    public double rate() throws IOException {
        return Double.parseDouble(found(RATE));
    }

    private String found(Pattern pattern) throws IOException {
        if (lines.stream().anyMatch(line -> line.contains("Socket errors:") || line.contains("Non-2xx"))) {
            throw new IOException("expected wrk to have no errors but it said: " + String.join(" / ", lines));
        }
        return lines.stream()
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .findFirst()
                .orElseThrow(() -> new IOException(
                        "expected " + pattern + " in the output of wrk but it was: " + String.join(" / ", lines)));
    }
}
