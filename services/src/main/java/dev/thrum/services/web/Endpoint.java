package dev.thrum.services.web;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of an HTTP service, as its page shows it.
 *
 * @param method in upper case
 * @param target path and query of an example
 * @param text what it does, in a sentence; plain text
 * @param fields header fields that the example sends, each as {@code Name: value}
 * @param body that the example sends; null for none
 */
public record Endpoint(
        String method,
        String target,
        String text,
        List<String> fields,
        @Nullable String body) {
    /** A path and query that no shell changes. */
    private static final String PLAIN = "[\\w.:/-]+";

    public Endpoint {
        fields = List.copyOf(fields);
        // The command line quotes everything with these.
        if ((target + fields + body).contains("'")) {
            throw new IllegalArgumentException("expected an example without ' but was " + target + fields + body);
        }
    }

    /**
     * A group of endpoints.
     *
     * @param title the heading above them; plain text
     * @param note a remark on several of them; plain text, may be empty
     */
    public record Group(String title, String note, List<Endpoint> endpoints) {
        public Group {
            endpoints = List.copyOf(endpoints);
        }
    }

    public static Endpoint get(String target, String text) {
        return new Endpoint("GET", target, text, List.of(), null);
    }

    /** An endpoint with a JSON body. */
    static Endpoint post(String target, String json, String text) {
        return new Endpoint("POST", target, text, List.of("Content-Type: " + Json.TYPE), json);
    }

    /** A copy with one more header field. */
    Endpoint with(String name, String value) {
        List<String> more = new ArrayList<>(fields);
        more.add(name + ": " + value);
        return new Endpoint(method, target, text, more, body);
    }

    /** A curl command line for it; the origin is such as {@code http://localhost:8080}. */
    String curl(String origin) {
        String url = origin + target;
        StringBuilder line = new StringBuilder("curl ").append(url.matches(PLAIN) ? url : "'" + url + "'");
        fields.forEach(field -> line.append(" -H '").append(field).append('\''));
        if (body != null) {
            line.append(" -d '").append(body).append('\'');
        }
        return line.toString();
    }
}
