package dev.thrum.http.server;

import dev.thrum.http.HttpHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The handler of one method on the paths of one pattern.
 *
 * @param segments the parts of the pattern
 * @param maxBody maximum size of a body in bytes, or {@link #DEFAULT} for the limit of the server
 */
record Route(String pattern, List<Segment> segments, long maxBody, HttpHandler handler) {
    static final long DEFAULT = -1;

    /**
     * A part of a pattern between two slashes.
     *
     * @param name of the parameter, or the text itself
     */
    record Segment(Kind kind, String name) {
        enum Kind {
            TEXT,
            /** {@code {name}}: any one segment that is not empty. */
            PARAMETER,
            /** {@code {name...}}: the rest of the path; only at the end. */
            REST
        }
    }

    /**
     * A route of this pattern.
     *
     * @throws IllegalArgumentException if the pattern is malformed
     */
    static Route of(String pattern, long maxBody, HttpHandler handler) {
        return new Route(pattern, segments(pattern), maxBody, handler);
    }

    boolean hasParameters() {
        return segments.stream().anyMatch(segment -> segment.kind() != Segment.Kind.TEXT);
    }

    /** The values of the parameters in this path. */
    Map<String, String> parameters(List<String> path) {
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            switch (segment.kind()) {
                case TEXT -> {}
                case PARAMETER -> parameters.put(segment.name(), path.get(i));
                case REST -> parameters.put(segment.name(), String.join("/", path.subList(i, path.size())));
            }
        }
        return parameters;
    }

    private static List<Segment> segments(String pattern) {
        if (!pattern.startsWith("/")) {
            throw malformed(pattern, "to begin with /");
        }
        List<Segment> segments = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String part : pattern.substring(1).split("/", -1)) {
            if (!segments.isEmpty() && segments.getLast().kind() == Segment.Kind.REST) {
                throw malformed(pattern, "nothing after {name...}");
            }
            Segment segment = segment(pattern, part);
            if (segment.kind() != Segment.Kind.TEXT && !names.add(segment.name())) {
                throw malformed(pattern, "each parameter once");
            }
            segments.add(segment);
        }
        return segments;
    }

    private static Segment segment(String pattern, String part) {
        if (!part.startsWith("{")) {
            if (part.indexOf('{') >= 0 || part.indexOf('}') >= 0) {
                throw malformed(pattern, "a parameter to be a whole segment");
            }
            return new Segment(Segment.Kind.TEXT, part);
        }
        boolean rest = part.endsWith("...}");
        String name = part.substring(1, Math.max(1, part.length() - (rest ? "...}" : "}").length()));
        if (!part.endsWith("}") || !name.matches("\\w+")) {
            throw malformed(pattern, "a parameter to be {name} or {name...}");
        }
        return new Segment(rest ? Segment.Kind.REST : Segment.Kind.PARAMETER, name);
    }

    private static IllegalArgumentException malformed(String pattern, String what) {
        return new IllegalArgumentException(
                "expected " + what + " in the pattern of a route but was \"" + pattern + "\"");
    }
}
