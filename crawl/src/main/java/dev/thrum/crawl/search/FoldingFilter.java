package dev.thrum.crawl.search;

import java.io.IOException;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * Makes words equal that differ only in case, in accents, or in how Unicode encodes them: {@code Grüße}, {@code GRÜSSE} and
 * {@code grusse} become {@code grusse}. Owned by one thread.
 *
 * <p>That is compatibility decomposition (UAX #15), without the marks that any script may use, in lower case, composed again; and
 * Latin letters that don't decompose, such as ß and ø, become what they look like.
 */
final class FoldingFilter extends TokenFilter {
    /** One UTF-16 unit becomes at most this many. */
    private static final int GROWTH = 4;

    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);

    FoldingFilter(TokenStream input) {
        super(input);
    }

    @Override
    public boolean incrementToken() throws IOException {
        if (!input.incrementToken()) {
            return false;
        }
        char[] buffer = term.buffer();
        for (int i = 0; i < term.length(); i++) {
            char c = buffer[i];
            if (c >= 'A' && c <= 'Z') {
                buffer[i] = (char) (c | 0x20);
            } else if (c >= 0x80 && !isFolded(c)) {
                fold(term.toString());
                break;
            }
        }
        return true;
    }

    private void fold(String word) {
        char[] folded = folded(word).toCharArray();
        char[] ascii = new char[GROWTH * folded.length];
        int length = ASCIIFoldingFilter.foldToASCII(folded, 0, ascii, 0, folded.length);
        if (length > 0) {
            for (int i = 0; i < length; i++) {
                ascii[i] = ascii[i] >= 'A' && ascii[i] <= 'Z' ? (char) (ascii[i] | 0x20) : ascii[i];
            }
            term.copyBuffer(ascii, 0, length);
        }
    }

    private static String folded(String word) {
        StringBuilder letters = new StringBuilder(word.length());
        Normalizer.normalize(word, Normalizer.Form.NFKD)
                .codePoints()
                .filter(FoldingFilter::isLetter)
                .map(FoldingFilter::lower)
                .forEach(letters::appendCodePoint);
        return Normalizer.normalize(letters, Normalizer.Form.NFC);
    }

    /** Whether it is more than a mark on a letter, or a hint for layout. */
    private static boolean isLetter(int point) {
        return switch (Character.getType(point)) {
            // Some signs decompose into a blank and a mark.
            case Character.FORMAT, Character.SPACE_SEPARATOR -> false;
            // The marks of Japanese make another letter of one.
            case Character.NON_SPACING_MARK ->
                point == 0x3099 || point == 0x309A || UnicodeScript.of(point) != UnicodeScript.INHERITED;
            // The dot of Catalan (l·l), which one letter decomposes into too.
            case Character.OTHER_PUNCTUATION -> point != '·';
            default -> true;
        };
    }

    /** The letter that all its cases have in common: sigma, for example, has two small ones. */
    private static int lower(int point) {
        return Character.toLowerCase(Character.toUpperCase(point));
    }

    /** Whether it is common, and already what it becomes: this is for speed only. */
    private static boolean isFolded(char c) {
        return (c >= 0x4E00 && c <= 0x9FFF) // Han
                || (c >= 0xAC00 && c <= 0xD7A3) // Hangul
                || (c >= 0x3041 && c <= 0x3096) // Hiragana
                || (c >= 0x30A1 && c <= 0x30FA) // Katakana
                || (c >= 'а' && c <= 'я' && c != 'й') // Cyrillic
                || (c >= 'α' && c <= 'ω' && c != 'ς'); // Greek
    }
}
