package dev.thrum.app.cli;

import java.util.Collection;
import java.util.Optional;

/** Finds the name that a misspelt one was probably meant to be. */
public final class Suggestion {
    /** The shortest start of a name that is enough. */
    private static final int PREFIX = 3;

    private Suggestion() {}

    /**
     * The closest of the names, if one is close: a few letters wrong, missing, too many or swapped, or its start only.
     * Leading hyphens don't count.
     */
    public static Optional<String> closest(String given, Collection<String> names) {
        String bare = bare(given);
        int least = allowed(bare) + 1;
        Optional<String> closest = Optional.empty();
        for (String name : names) {
            int distance = distance(bare, bare(name));
            if (distance < least) {
                least = distance;
                closest = Optional.of(name);
            }
        }
        return closest.isPresent() || bare.length() < PREFIX
                ? closest
                : names.stream().filter(name -> bare(name).startsWith(bare)).findFirst();
    }

    private static String bare(String name) {
        int start = 0;
        while (start < name.length() && name.charAt(start) == '-') {
            start++;
        }
        return name.substring(start);
    }

    /** The maximum number of mistakes in a name of this length: more would make a short name another word. */
    private static int allowed(String name) {
        if (name.length() < 3) {
            return 0;
        }
        return name.length() < 5 ? 1 : 2;
    }

    /**
     * The number of letters that must be inserted, removed, replaced or swapped with a neighbor (optimal string alignment
     * distance), computed with three rows of the table.
     */
    private static int distance(String one, String other) {
        int[] twoAbove = new int[other.length() + 1];
        int[] above = new int[other.length() + 1];
        for (int column = 0; column <= other.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= one.length(); row++) {
            int[] current = new int[other.length() + 1];
            current[0] = row;
            for (int column = 1; column <= other.length(); column++) {
                boolean same = one.charAt(row - 1) == other.charAt(column - 1);
                int least =
                        Math.min(above[column - 1] + (same ? 0 : 1), Math.min(above[column], current[column - 1]) + 1);
                if (isSwapped(one, row, other, column)) {
                    least = Math.min(least, twoAbove[column - 2] + 1);
                }
                current[column] = least;
            }
            twoAbove = above;
            above = current;
        }
        return above[other.length()];
    }

    private static boolean isSwapped(String one, int row, String other, int column) {
        return row > 1
                && column > 1
                && one.charAt(row - 1) == other.charAt(column - 2)
                && one.charAt(row - 2) == other.charAt(column - 1);
    }
}
