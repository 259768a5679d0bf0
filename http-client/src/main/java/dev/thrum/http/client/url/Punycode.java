package dev.thrum.http.client.url;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The decoder of Punycode (RFC 3492), the form that labels outside of ASCII have in DNS. */
final class Punycode {
    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int INITIAL_BIAS = 72;
    private static final int INITIAL_CODE_POINT = 0x80;
    private static final int MALFORMED = -1;

    private final String text;
    /** The next character to read. Owned by the thread that decodes, as is {@link #bias}. */
    private int next;

    private int bias = INITIAL_BIAS;

    private Punycode(String text) {
        this.text = text;
    }

    /**
     * Decodes a label.
     *
     * @param text ASCII in lower case, without {@code xn--}; of bounded length, because the time grows with its square
     * @return empty if it is malformed
     */
    static Optional<String> decode(String text) {
        return new Punycode(text).decode();
    }

    private Optional<String> decode() {
        int delimiter = Math.max(text.lastIndexOf('-'), 0);
        List<Integer> decoded =
                text.substring(0, delimiter).chars().boxed().collect(Collectors.toCollection(ArrayList::new));
        next = delimiter == 0 ? 0 : delimiter + 1;
        boolean isFirst = true;
        long codePoint = INITIAL_CODE_POINT;
        long position = 0;
        while (next < text.length()) {
            long delta = delta();
            int length = decoded.size() + 1;
            position += delta;
            codePoint += position / length;
            position %= length;
            if (delta == MALFORMED || codePoint > Character.MAX_CODE_POINT || isSurrogate(codePoint)) {
                return Optional.empty();
            }
            bias = adapted(delta, length, isFirst);
            isFirst = false;
            decoded.add((int) position, (int) codePoint);
            position++;
        }
        StringBuilder result = new StringBuilder();
        decoded.forEach(result::appendCodePoint);
        return Optional.of(result.toString());
    }

    /** A number of variable length (section 3.3), at most 2^31 - 1; {@link #MALFORMED} if it is none. */
    private long delta() {
        long delta = 0;
        long weight = 1;
        for (int k = BASE; next < text.length(); k += BASE) {
            int digit = digit(text.charAt(next));
            next++;
            delta += digit * weight;
            if (digit < 0 || delta > Integer.MAX_VALUE) {
                return MALFORMED;
            }
            int threshold = Math.clamp(k - bias, T_MIN, T_MAX);
            if (digit < threshold) {
                return delta;
            }
            // Bounded so that the product fits; a digit of that weight is refused above.
            weight = Math.min(weight * (BASE - threshold), 1L << Integer.SIZE);
        }
        return MALFORMED;
    }

    private static int digit(char c) {
        if (c >= 'a' && c <= 'z') {
            return c - 'a';
        }
        return c >= '0' && c <= '9' ? c - '0' + 26 : -1;
    }

    /** The next bias (section 6.1). */
    private static int adapted(long delta, int length, boolean isFirst) {
        long rest = delta / (isFirst ? DAMP : 2);
        rest += rest / length;
        int k = 0;
        while (rest > (BASE - T_MIN) * T_MAX / 2) {
            rest /= BASE - T_MIN;
            k += BASE;
        }
        return (int) (k + (BASE - T_MIN + 1) * rest / (rest + SKEW));
    }

    private static boolean isSurrogate(long codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
