package dev.thrum.bench.load;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code h2load} has printed.
 *
 * @param lines its lines
 */
record H2LoadReport(List<String> lines) {
    private static final Pattern REQUESTS = Pattern.compile(
            "requests: \\d+ total, \\d+ started, (\\d+) done, (\\d+) succeeded, (\\d+) failed, (\\d+) errored, .*");
    private static final Pattern STATUSES =
            Pattern.compile("status codes: (\\d+) 2xx, 0 3xx, 0 4xx, 0 5xx|status codes: .*");

    /**
     * The number of requests that were answered with success; throws if that is not all, or none. The number of statuses may be another: they
     * count when heads arrive, and requests when bodies end, which may be before or after an end of the window.
     */
    long requests() throws IOException {
        Matcher requests = line(REQUESTS, "requests:");
        Matcher statuses = line(STATUSES, "status codes:");
        long done = Long.parseLong(requests.group(1));
        boolean succeeded = requests.group(2).equals(requests.group(1))
                && requests.group(3).equals("0")
                && requests.group(4).equals("0")
                && statuses.group(1) != null;
        if (done == 0 || !succeeded) {
            throw new IOException("expected h2load to get only responses with status 200 but it says: "
                    + requests.group() + "; " + statuses.group());
        }
        return done;
    }

    /** Throws if the connections have another version than TLS 1.3, or another suite. */
    void requireEncrypted(String suite) throws IOException {
        for (String expected : List.of("TLS Protocol: TLSv1.3", "Cipher: " + suite)) {
            if (!lines.contains(expected)) {
                throw new IOException(
                        "expected h2load to say \"" + expected + "\" but it says: " + String.join(" / ", lines));
            }
        }
    }

    private Matcher line(Pattern pattern, String what) throws IOException {
        return lines.stream()
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .orElseThrow(() -> new IOException(
                        "expected h2load to print a line " + what + " but it says: " + String.join(" / ", lines)));
    }
}
