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
    private static final String END_OF_CLASS = "    }";

    public Listing {
        if (firstLine < 1) {
            throw new IllegalArgumentException("expected a first line from 1 on but was " + firstLine);
        }
        lines = List.copyOf(lines);
    }

    /** The part of a file that is a class within its outermost one, with the comment above. */
    public static Listing ofClass(Class<?> type, String file, List<String> source) {
        int first = 0;
        while (!source.get(first).contains("class " + type.getSimpleName() + " ")) {
            first++;
        }
        int last = first;
        while (!source.get(last).equals(END_OF_CLASS)) {
            last++;
        }
        while (!source.get(first - 1).isBlank()) {
            first--;
        }
        return new Listing(file, first + 1, source.subList(first, last + 1));
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
