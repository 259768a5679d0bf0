package dev.thrum.crawl.mine;

/** The characters that do nothing to a terminal but show. */
final class SafeCharacters {
    private SafeCharacters() {}

    /**
     * Whether a code point is none of: controls, format characters such as those that change the direction of writing,
     * separators of lines and paragraphs, halves of surrogate pairs.
     */
    static boolean isSafe(int point) {
        if (point < 0x7f) {
            return point >= ' ';
        }
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }

    /** Whether a character joins or separates letters within a word, as Persian, Indic scripts and emoji need it. */
    static boolean isJoiner(int point) {
        return point == 0x200c || point == 0x200d;
    }
}
