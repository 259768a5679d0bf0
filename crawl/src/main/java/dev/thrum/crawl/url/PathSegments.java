package dev.thrum.crawl.url;

import java.util.Optional;

/** The segments of a path, by their places; an empty one at the end doesn't count. */
final class PathSegments {
    private final String path;
    /** The place after the slash before each segment, and one after the last segment. */
    private final int[] starts;

    private PathSegments(String path, int[] starts) {
        this.path = path;
        this.starts = starts;
    }

    /** The segments of a path that begins with a slash. */
    static PathSegments of(String path) {
        int end = path.endsWith("/") ? path.length() - 1 : path.length();
        int slashes = 0;
        for (int i = 0; i < end; i++) {
            slashes += path.charAt(i) == '/' ? 1 : 0;
        }
        int[] starts = new int[slashes + 1];
        int count = 0;
        for (int i = 0; i < end; i++) {
            if (path.charAt(i) == '/') {
                starts[count++] = i + 1;
            }
        }
        starts[count] = end + 1;
        return new PathSegments(path, starts);
    }

    int count() {
        return starts.length - 1;
    }

    /** The first sequence of segments that comes this often in a row, once, without slashes around it. */
    Optional<String> repeated(int times) {
        for (int period = 1; period * times <= count(); period++) {
            int matches = 0;
            for (int i = period; i < count(); i++) {
                matches = isEqual(i, i - period) ? matches + 1 : 0;
                if (matches == period * (times - 1)) {
                    return Optional.of(path.substring(starts[i - period + 1], starts[i + 1] - 1));
                }
            }
        }
        return Optional.empty();
    }

    private boolean isEqual(int segment, int other) {
        int length = length(segment);
        return length == length(other) && path.regionMatches(starts[segment], path, starts[other], length);
    }

    private int length(int segment) {
        return starts[segment + 1] - 1 - starts[segment];
    }
}
