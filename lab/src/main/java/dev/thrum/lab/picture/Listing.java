package dev.thrum.lab.picture;

import java.util.List;

/**
 * A part of a source file.
 *
 * @param file the name of the file without its folders, such as {@code Counter.java}
 * @param firstLine the number of the first line, from 1
 * @param lines the lines, without line ends; may be empty
 */
public record Listing(String file, int firstLine, List<String> lines) {
    public Listing {
        if (firstLine < 1) {
            throw new IllegalArgumentException("expected a first line from 1 on but was " + firstLine);
        }
        lines = List.copyOf(lines);
    }

    /** The line of a place such as {@code Counter.java:12}; 0 if it is not in this part. */
    int line(String place) {
        int colon = place.lastIndexOf(':');
        if (colon < 0 || !place.substring(0, colon).equals(file)) {
            return 0;
        }
        int line = Integer.parseInt(place.substring(colon + 1));
        return line >= firstLine && line < firstLine + lines.size() ? line : 0;
    }

    /** The first of these places that is in this part; if none is, the first; empty if there are none. */
    String nearest(List<String> places) {
        return places.stream()
                .filter(place -> line(place) > 0)
                .findFirst()
                .orElse(places.isEmpty() ? "" : places.getFirst());
    }
}
