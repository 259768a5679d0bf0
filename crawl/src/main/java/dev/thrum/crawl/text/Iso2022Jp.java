package dev.thrum.crawl.text;

import org.jspecify.annotations.Nullable;

/** The decoder of ISO-2022-JP (Encoding Standard, 12.2.1): bytes of ASCII whose meaning escape sequences switch. */
final class Iso2022Jp implements TextDecoder {
    private static final int ESCAPE = 0x1b;

    private final DoubleByte shiftJis = DoubleBytes.shiftJis();

    private enum Mode {
        ASCII,
        ROMAN,
        KATAKANA,
        JIS
    }

    @Override
    public String decode(byte[] bytes, int from, int to) {
        return new Run(bytes, to).decode(from);
    }

    /** One text. Owned by the thread that decodes it. */
    private final class Run {
        private final byte[] bytes;
        private final int to;
        private final StringBuilder text;
        private Mode mode = Mode.ASCII;
        /** Whether nothing but an escape sequence has come since the last one: two in a row are malformed. */
        private boolean escaped;

        Run(byte[] bytes, int to) {
            this.bytes = bytes;
            this.to = to;
            this.text = new StringBuilder(to);
        }

        String decode(int from) {
            int at = from;
            while (at < to) {
                int octet = bytes[at] & 0xff;
                if (octet == ESCAPE) {
                    at = escape(at);
                    continue;
                }
                escaped = false;
                at = mode == Mode.JIS ? pair(at) : single(at, octet);
            }
            return text.toString();
        }

        private int escape(int at) {
            Mode next = at + 2 < to ? mode(bytes[at + 1], bytes[at + 2]) : null;
            if (next == null) {
                escaped = false;
                text.append(REPLACEMENT);
                return at + 1;
            }
            mode = next;
            if (escaped) {
                text.append(REPLACEMENT);
            }
            escaped = true;
            return at + 3;
        }

        private int single(int at, int octet) {
            boolean isPlain = octet < 0x80 && octet != 0x0e && octet != 0x0f;
            text.append(
                    switch (mode) {
                        case KATAKANA ->
                            octet >= 0x21 && octet <= 0x5f ? (char) ('\uff61' + octet - 0x21) : REPLACEMENT;
                        case ROMAN -> isPlain ? roman(octet) : REPLACEMENT;
                        default -> isPlain ? (char) octet : REPLACEMENT;
                    });
            return at + 1;
        }

        private char roman(int octet) {
            return switch (octet) {
                case '\\' -> '\u00a5';
                case '~' -> '\u203e';
                default -> (char) octet;
            };
        }

        private int pair(int at) {
            if (!isCell(bytes[at])) {
                text.append(REPLACEMENT);
                return at + 1;
            }
            if (at + 1 == to || bytes[at + 1] == ESCAPE) {
                text.append(REPLACEMENT);
                return at + 1;
            }
            int point = isCell(bytes[at + 1])
                    ? DoubleBytes.jis0208(shiftJis, bytes[at] - 0x21, bytes[at + 1] - 0x21)
                    : DoubleByte.NONE;
            if (point == DoubleByte.NONE) {
                text.append(REPLACEMENT);
            } else {
                text.appendCodePoint(point);
            }
            return at + 2;
        }
    }

    private static boolean isCell(byte octet) {
        return octet >= 0x21 && octet <= 0x7e;
    }

    private static @Nullable Mode mode(byte first, byte second) {
        if (first == '(') {
            return switch (second) {
                case 'B' -> Mode.ASCII;
                case 'J' -> Mode.ROMAN;
                case 'I' -> Mode.KATAKANA;
                default -> null;
            };
        }
        return first == '$' && (second == '@' || second == 'B') ? Mode.JIS : null;
    }
}
