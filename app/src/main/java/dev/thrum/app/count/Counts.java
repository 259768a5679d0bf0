package dev.thrum.app.count;

/**
 * The counts of a text.
 *
 * @param lines the line feeds
 * @param words the longest sequences without white space, as {@link WhiteSpace} defines it
 * @param characters the code points; broken UTF-8 counts as the replacement characters that a decoder makes of it
 * @param bytes the length in bytes
 */
record Counts(long lines, long words, long characters, long bytes) {
    static final Counts NONE = new Counts(0, 0, 0, 0);

    Counts plus(Counts other) {
        return new Counts(lines + other.lines, words + other.words, characters + other.characters, bytes + other.bytes);
    }
}
