package dev.thrum.crawl.html;

import dev.thrum.crawl.text.Ascii;
import java.util.ArrayList;
import java.util.List;
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
    private static final List<List<Attribute>> BY_LENGTH = byLength();

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The attribute with the name at this place, in any case; null for any that is not read. */
    static @Nullable Attribute of(byte[] page, int from, int to) {
        int length = to - from;
        if (length > LONGEST) {
            return null;
        }
        List<Attribute> candidates = BY_LENGTH.get(length);
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.get(i).isAt(page, from)) {
                return candidates.get(i);
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

    private static List<List<Attribute>> byLength() {
        List<List<Attribute>> byLength = new ArrayList<>();
        for (int length = 0; length <= LONGEST; length++) {
            List<Attribute> same = new ArrayList<>();
            for (Attribute attribute : values()) {
                if (attribute.text.length() == length) {
                    same.add(attribute);
                }
            }
            byLength.add(List.copyOf(same));
        }
        return List.copyOf(byLength);
    }
}
