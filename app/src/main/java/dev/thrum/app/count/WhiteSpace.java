package dev.thrum.app.count;

/**
 * The characters that separate words: those that {@code wc} of the GNU coreutils takes for white space in a UTF-8 locale.
 *
 * <p>These are tab, line feed, vertical tab, form feed, carriage return and space; of the rest of Unicode its separators
 * (categories Zs, Zl and Zp), which include the spaces that don't break; and the word joiner, U+2060. U+0085 is none.
 */
final class WhiteSpace {
    private WhiteSpace() {}

    static boolean isWhite(int codePoint) {
        if (codePoint < 0x80) {
            return isWhiteAscii(codePoint);
        }
        return switch (codePoint) {
            case 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000 -> true;
            default -> codePoint >= 0x2000 && codePoint <= 0x200A;
        };
    }

    static boolean isWhiteAscii(int octet) {
        return octet == ' ' || (octet >= '\t' && octet <= '\r');
    }
}
