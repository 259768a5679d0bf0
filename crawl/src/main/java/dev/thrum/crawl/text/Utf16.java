package dev.thrum.crawl.text;

/**
 * The decoder of UTF-16 in one byte order (Encoding Standard, 14.2). Half of a surrogate pair becomes U+FFFD by itself; the
 * JDK's decoder takes the character after it along.
 *
 * @param isBigEndian whether the first byte of two is the higher one
 */
record Utf16(boolean isBigEndian) implements TextDecoder {
    @Override
    public String decode(byte[] bytes, int from, int to) {
        int units = (to - from) / 2;
        StringBuilder text = new StringBuilder(units + 1);
        for (int i = 0; i < units; i++) {
            char unit = unit(bytes, from + 2 * i);
            if (!Character.isSurrogate(unit)) {
                text.append(unit);
            } else if (i + 1 < units && Character.isSurrogatePair(unit, unit(bytes, from + 2 * i + 2))) {
                text.append(unit).append(unit(bytes, from + 2 * i + 2));
                i++;
            } else {
                text.append(REPLACEMENT);
            }
        }
        boolean isCut = (to - from) % 2 != 0;
        // Half a pair and half a character at the end are one fault.
        if (isCut && (units == 0 || !Character.isHighSurrogate(unit(bytes, to - 3)))) {
            text.append(REPLACEMENT);
        }
        return text.toString();
    }

    private char unit(byte[] bytes, int at) {
        int first = bytes[at] & 0xff;
        int second = bytes[at + 1] & 0xff;
        return (char) (isBigEndian ? first << 8 | second : second << 8 | first);
    }
}
