package dev.thrum.base;

/** A number of things in words: {@code 1 user}, {@code 2 users}. */
public final class Plural {
    private Plural() {}

    public static String of(long count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }

    /** For nouns with an irregular plural. */
    public static String of(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
