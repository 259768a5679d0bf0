package dev.thrum.testkit.web;

import java.time.Duration;
import java.util.Map;

/**
 * A request as the web saw it.
 *
 * @param connection the number of its connection
 * @param host the host and port that it names, as it does
 * @param target its target, as it came
 * @param fields with names in lower case; of several of one name the last
 * @param arrived when its head had arrived, in nanoseconds of the engine's clock
 * @param ended just before the last bytes of the response were given to the network, so never later than the client can have
 *     them; {@code arrived} if nothing was sent yet
 */
public record Asked(
        long connection,
        String method,
        String host,
        String target,
        Map<String, String> fields,
        long arrived,
        long ended) {
    public Asked {
        fields = Map.copyOf(fields);
    }

    /** The value of a field, its name in lower case; empty if there is none. */
    public String field(String name) {
        return fields.getOrDefault(name, "");
    }

    /** The requested URL, in its canonical form. */
    public String url() {
        return Targets.canonicalUrl("http://" + host + target);
    }

    /** The time from the end of this response to the arrival of another request. */
    public Duration until(Asked next) {
        return Duration.ofNanos(next.arrived - ended);
    }
}
