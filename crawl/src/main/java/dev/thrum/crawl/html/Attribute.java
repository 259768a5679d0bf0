package dev.thrum.crawl.html;

import dev.thrum.crawl.text.Ascii;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The attributes that the scan reads. */
enum Attribute {
    HREF,
    REL,
    SRC,
    NAME,
    CONTENT,
    HTTP_EQUIV,
    TYPE,
    ENCODING,
    COLOR,
    FACE,
    SIZE;

    /** The number of attributes. */
    static final int COUNT = values().length;

    private static final int LONGEST = "http-equiv".length();
    private static final Attribute[][] BY_LENGTH = byLength();

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final char first = text.charAt(0);

    /** The attribute with the name at this place, in any case; null for any that is not read. */
    static @Nullable Attribute of(byte[] page, int from, int to) {
        int length = to - from;
        if (length > LONGEST) {
            return null;
        }
        int letter = Ascii.lower(page[from]);
        for (Attribute candidate : BY_LENGTH[length]) {
            if (candidate.first == letter && candidate.isAt(page, from)) {
                return candidate;
            }
        }
        return null;
    }

    /** A number below {@link #COUNT}, for arrays. */
    @SuppressWarnings("EnumOrdinal") // the arrays live no longer than a scan
    int index() {
        return ordinal();
    }

    private boolean isAt(byte[] page, int from) {
        for (int i = 0; i < text.length(); i++) {
            if (Ascii.lower(page[from + i]) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static Attribute[][] byLength() {
        Attribute[][] byLength = new Attribute[LONGEST + 1][];
        for (int length = 0; length <= LONGEST; length++) {
            int wanted = length;
            byLength[length] = Arrays.stream(values())
                    .filter(attribute -> attribute.text.length() == wanted)
                    .toArray(Attribute[]::new);
        }
        return byLength;
    }
}
