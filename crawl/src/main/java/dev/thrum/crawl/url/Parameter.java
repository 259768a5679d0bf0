package dev.thrum.crawl.url;

import dev.thrum.http.client.url.Url;
import java.util.ArrayList;
import java.util.List;

/**
 * A parameter with a value in the target of a request: one of the query, or one of a segment of the path, such as
 * {@code ;jsessionid=1}.
 *
 * @param name with the semicolon before it if it is in the path
 * @param from where it begins in the target, with the semicolon, but without the ampersand or question mark before it
 * @param to where it ends
 */
record Parameter(String name, String value, int from, int to) {
    /** The parameters of a target, in order. */
    static List<Parameter> of(String target) {
        List<Parameter> parameters = new ArrayList<>();
        int mark = target.indexOf('?');
        int pathEnd = mark < 0 ? target.length() : mark;
        int from = target.indexOf(';');
        while (from >= 0 && from < pathEnd) {
            int to = from + 1;
            while (to < pathEnd && target.charAt(to) != ';' && target.charAt(to) != '/') {
                to++;
            }
            add(target, from, to, parameters);
            from = target.indexOf(';', to);
        }
        from = pathEnd + 1;
        while (from < target.length()) {
            int ampersand = target.indexOf('&', from);
            int to = ampersand < 0 ? target.length() : ampersand;
            add(target, from, to, parameters);
            from = to + 1;
        }
        return parameters;
    }

    private static void add(String target, int from, int to, List<Parameter> parameters) {
        int equals = target.indexOf('=', from);
        if (equals > from && equals < to) {
            parameters.add(new Parameter(target.substring(from, equals), target.substring(equals + 1, to), from, to));
        }
    }

    /** Path and query of a URL, normalized: what {@link #of} is meant for. */
    static String target(Url url) {
        String path = PercentEscapes.normalized(url.path());
        return url.query()
                .map(query -> path + "?" + PercentEscapes.normalized(query))
                .orElse(path);
    }

    /**
     * The target without this parameter and one ampersand; without the question mark too if nothing is left of the
     * query.
     */
    String removedFrom(String target) {
        if (name.startsWith(";") && (target.indexOf('?') < 0 || from < target.indexOf('?'))) {
            return target.substring(0, from) + target.substring(to);
        }
        return to < target.length()
                ? target.substring(0, from) + target.substring(to + 1)
                : target.substring(0, from - 1);
    }
}
