package dev.thrum.http.client.url;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Set;

/**
 * The rule for the two invisible joiners in labels (RFC 5892, A.1 and A.2): they follow a virama, or the non-joiner is between
 * letters of a script that joins its letters. The JDK doesn't know which letters of such a script join, so any do here.
 */
final class Joiners {
    private static final int NON_JOINER = 0x200c;
    private static final int JOINER = 0x200d;

    private static final Set<UnicodeScript> JOINED = EnumSet.of(
            UnicodeScript.ADLAM,
            UnicodeScript.ARABIC,
            UnicodeScript.CHORASMIAN,
            UnicodeScript.HANIFI_ROHINGYA,
            UnicodeScript.MANDAIC,
            UnicodeScript.MANICHAEAN,
            UnicodeScript.MONGOLIAN,
            UnicodeScript.NKO,
            UnicodeScript.OLD_UYGHUR,
            UnicodeScript.PHAGS_PA,
            UnicodeScript.PSALTER_PAHLAVI,
            UnicodeScript.SOGDIAN,
            UnicodeScript.SYRIAC);

    private Joiners() {}

    /** Whether every joiner of a label is where it may be. */
    static boolean allow(String label) {
        int[] points = label.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            boolean isJoiner = points[i] == NON_JOINER || points[i] == JOINER;
            if (isJoiner
                    && !(i > 0 && isVirama(points[i - 1]))
                    && !(points[i] == NON_JOINER && isBetweenJoined(points, i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the next letters on both sides, marks left out, are of a script that joins them. */
    private static boolean isBetweenJoined(int[] points, int at) {
        int before = at - 1;
        while (before >= 0 && Character.getType(points[before]) == Character.NON_SPACING_MARK) {
            before--;
        }
        int after = at + 1;
        while (after < points.length && Character.getType(points[after]) == Character.NON_SPACING_MARK) {
            after++;
        }
        return before >= 0 && after < points.length && isJoined(points[before]) && isJoined(points[after]);
    }

    private static boolean isJoined(int codePoint) {
        return Character.isLetter(codePoint) && JOINED.contains(UnicodeScript.of(codePoint));
    }

    /**
     * Whether a character has the combining class 9. Normalizing puts marks into the order of their classes: the class is
     * above 8 if the mark goes after the sound mark of Japanese, and between 0 and 10 if it goes before the Hebrew sheva.
     */
    private static boolean isVirama(int codePoint) {
        String mark = Character.toString(codePoint);
        return decomposed(mark + "\u3099").equals("\u3099" + mark)
                && decomposed("\u05b0" + mark).equals(mark + "\u05b0");
    }

    private static String decomposed(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD);
    }
}
