package dev.thrum.lab.picture;

import java.util.List;
import java.util.Objects;

/**
 * What a picture says besides the steps. The texts are shown as they are and may hold any character.
 *
 * @param title a few words, such as {@code Lost update}
 * @param what one sentence: what the program does and what should come out
 * @param facts how it was found, such as the number of schedules; may be empty
 * @param source the code that is shown next to the picture
 * @param names the names of the actors in their order; A, B, C and so on for those that it has no name for
 */
public record Caption(String title, String what, String facts, Listing source, List<String> names) {
    public Caption {
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(facts, "facts");
        Objects.requireNonNull(source, "source");
        names = List.copyOf(names);
    }

    /** The name of an actor, by its number from 0. */
    String actor(int number) {
        return nameOf(names, number);
    }

    /** The name of an actor, by its number from 0: the one that it was given, or else letters. */
    public static String nameOf(List<String> names, int actor) {
        return actor < names.size() ? names.get(actor) : letters(actor);
    }

    private static String letters(int number) {
        String last = String.valueOf((char) ('A' + number % 26));
        return number < 26 ? last : letters(number / 26 - 1) + last;
    }
}
