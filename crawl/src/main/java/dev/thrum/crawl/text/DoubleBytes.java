package dev.thrum.crawl.text;

import static dev.thrum.crawl.text.DoubleByte.NONE;

import dev.thrum.crawl.text.DoubleByte.Longer;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The encodings of two bytes a character that the Encoding Standard has. Their characters are the JDK's where both agree; a
 * test compares all of them with the checksums that the standard publishes.
 */
final class DoubleBytes {
    private static final char HALF_WIDTH = '\uff61';
    private static final int HIGHEST = 0xfe;

    /**
     * The characters of Big5 for which the JDK's code page still has private ones, which Unicode has assigned since: the
     * JDK's character in hexadecimal, and the one to use.
     */
    private static final String ASSIGNED = """
            e01f倩 e026偽 e05b包 e063卄 e073卿 e0a5嘅 e0f3婷 e12e幵 e134廐
            e149彘 e166悤 e191撐 e1ba晴 e1c9杞 e22c沜 e22d渝 e230港 e266煮
            e286猪 e2a3瑜 e2bc瓩 e2ef砉 e33a箸 e340簆 e34f糎 e35a緒 e363縝
            e37c者 e37f耨 e3c5菁 e3d7蒨 e3dc萏 e417覦 e418覩 e44a起 e478都
            e485銹 e4c5靜 e4da響 e545鼖 e589蔃 e5d2兙 e5d3兛 e5d4兝 e5d5兞
            e5eb鍮 e5f4瑹 e6c6浧 e727禛 e7d3邗 e7fd靝 e884瀞 e893嬨 eb40爁
            eb42矗 eb45纇 eb6e駖 eb86釔 eb94惞 eb9e澶 eba9輶 ebba侻 ebc9營
            ebcf鄄 ebd2鷰 ebde菏 ec01尐 ec02秣 ec15婧 ec5b輋 ec5e筑 eca6拐
            ed28恢 ed6e痹 ed7c汊 ed9e鬮 eda4鼗 ede7僭 edf4弌 ee3e蠏 ee52拎
            ee8e瑨 ee98煢 ee9d牐 f6df廴 f6e3无 f6e5癶 f6e7隶 f6ee〃 f6ef仝
            """;

    /** The letters of Big5 that are two characters in Unicode, by the second byte after 88. */
    private static final Map<Integer, Integer> MARKED = Map.of(
            0x62, DoubleByte.withMark('\u00ca', '\u0304'),
            0x64, DoubleByte.withMark('\u00ca', '\u030c'),
            0xa3, DoubleByte.withMark('\u00ea', '\u0304'),
            0xa5, DoubleByte.withMark('\u00ea', '\u030c'));

    private DoubleBytes() {}

    /** Shift_JIS, 12.3.1: the code page 932 of Windows. */
    static DoubleByte shiftJis() {
        Charset jdk = Charset.forName("windows-31j");
        int[] leads = IntStream.concat(IntStream.rangeClosed(0x81, 0x9f), IntStream.rangeClosed(0xe0, 0xfc))
                .toArray();
        return DoubleByte.of(
                        (lead, trail) -> trail < 0x40 || trail == 0x7f || trail > 0xfc ? NONE : point(jdk, lead, trail),
                        Longer.NONE,
                        leads)
                .withSingles(0x80, 0x80, '\u0080')
                .withSingles(0xa1, 0xdf, HALF_WIDTH);
    }

    /** EUC-JP, 12.1.1, with the characters of JIS X 0212 in three bytes. */
    static DoubleByte eucJp() {
        DoubleByte jis = shiftJis();
        Charset jdk = Charset.forName("EUC-JP");
        int[] leads = IntStream.concat(IntStream.of(0x8e, 0x8f), IntStream.rangeClosed(0xa1, HIGHEST))
                .toArray();
        return DoubleByte.of(
                (lead, trail) -> eucJp(jis, lead, trail), (bytes, at, to) -> jis0212(jdk, bytes, at, to), leads);
    }

    private static int eucJp(DoubleByte jis, int lead, int trail) {
        if (trail < 0xa1 || trail > HIGHEST || lead == 0x8f) {
            return NONE;
        }
        if (lead == 0x8e) {
            return trail <= 0xdf ? HALF_WIDTH + trail - 0xa1 : NONE;
        }
        return jis0208(jis, lead - 0xa1, trail - 0xa1);
    }

    /** A character of JIS X 0208 by row and cell, each from 0 to 93; {@link DoubleByte#NONE} if there is none. */
    static int jis0208(DoubleByte shiftJis, int row, int cell) {
        int lead = row / 2;
        int trail = row % 2 * 94 + cell;
        return shiftJis.point(lead + (lead < 0x1f ? 0x81 : 0xc1), trail + (trail < 0x3f ? 0x40 : 0x41));
    }

    private static int jis0212(Charset jdk, byte[] bytes, int at, int to) {
        int second = bytes[at + 1] & 0xff;
        if ((bytes[at] & 0xff) != 0x8f || second < 0xa1 || second > HIGHEST) {
            return 0;
        }
        if (at + 2 == to) {
            return Longer.malformed(2);
        }
        int third = bytes[at + 2] & 0xff;
        int point = third < 0xa1 || third > HIGHEST ? NONE : point(jdk, 0x8f, second, third);
        if (point == NONE) {
            return Longer.malformed(third < 0x80 ? 2 : 3);
        }
        return Longer.character(point, 3);
    }

    /** EUC-KR, 13.1.1: the code page 949 of Windows, without its private characters. */
    static DoubleByte eucKr() {
        Charset jdk = Charset.forName("x-windows-949");
        return DoubleByte.of(
                (lead, trail) -> trail < 0x41 ? NONE : withoutPrivate(point(jdk, lead, trail)),
                Longer.NONE,
                IntStream.rangeClosed(0x81, HIGHEST).toArray());
    }

    /** Big5, 11.1.1, with Hong Kong's characters. */
    static DoubleByte big5() {
        Charset jdk = Charset.forName("x-MS950-HKSCS");
        Map<Integer, Integer> assigned = new HashMap<>();
        for (String pair : ASSIGNED.strip().split("\\s+", -1)) {
            assigned.put(Integer.parseInt(pair.substring(0, 4), 16), pair.codePointAt(4));
        }
        return DoubleByte.of(
                (lead, trail) -> big5(jdk, assigned, lead, trail),
                Longer.NONE,
                IntStream.rangeClosed(0x81, HIGHEST).toArray());
    }

    private static int big5(Charset jdk, Map<Integer, Integer> assigned, int lead, int trail) {
        boolean isTrail = (trail >= 0x40 && trail <= 0x7e) || (trail >= 0xa1 && trail <= HIGHEST);
        if (!isTrail || lead < 0x87) {
            return NONE;
        }
        if (lead == 0x88 && MARKED.containsKey(trail)) {
            return MARKED.get(trail);
        }
        if (lead == 0xa3 && trail >= 0xc0 && trail <= 0xe0) {
            // The pictures of the control characters, which the JDK does not have: all but that of the space, in order.
            return trail == 0xe0 ? 0x2421 : 0x2400 + trail - 0xc0;
        }
        int point = point(jdk, lead, trail);
        return withoutPrivate(assigned.getOrDefault(point, point));
    }

    /** gb18030, 10.2.1, which GBK is decoded as. */
    static DoubleByte gb18030() {
        Charset jdk = Charset.forName("GB18030");
        return DoubleByte.of(
                        (lead, trail) -> gb18030(jdk, lead, trail),
                        (bytes, at, to) -> fourBytes(jdk, bytes, at, to),
                        IntStream.rangeClosed(0x81, HIGHEST).toArray())
                .withSingles(0x80, 0x80, '\u20ac');
    }

    private static int gb18030(Charset jdk, int lead, int trail) {
        if (trail < 0x40 || trail == 0x7f || trail > HIGHEST) {
            return NONE;
        }
        // What pages mean by this pair is a space of full width.
        return lead == 0xa3 && trail == 0xa0 ? '\u3000' : point(jdk, lead, trail);
    }

    private static int fourBytes(Charset jdk, byte[] bytes, int at, int to) {
        if (!isDigit(bytes[at + 1])) {
            return 0;
        }
        if (at + 2 == to) {
            return Longer.malformed(2);
        }
        int third = bytes[at + 2] & 0xff;
        if (third < 0x81 || third > HIGHEST) {
            return Longer.malformed(1);
        }
        if (at + 3 == to) {
            return Longer.malformed(3);
        }
        if (!isDigit(bytes[at + 3])) {
            return Longer.malformed(1);
        }
        int point = inRanges(jdk, bytes[at] & 0xff, bytes[at + 1], third, bytes[at + 3]);
        return point == NONE ? Longer.malformed(4) : Longer.character(point, 4);
    }

    /** The character of four bytes. The JDK has private ones for two blocks that Unicode has assigned since. */
    private static int inRanges(Charset jdk, int... octets) {
        int pointer = ((octets[0] - 0x81) * 10 + octets[1] - '0') * 1_260 + (octets[2] - 0x81) * 10 + octets[3] - '0';
        if (pointer >= 19_057 && pointer <= 19_064) {
            return 0x9fb4 + pointer - 19_057;
        }
        return pointer >= 39_076 && pointer <= 39_085 ? 0xfe10 + pointer - 39_076 : point(jdk, octets);
    }

    private static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    private static int withoutPrivate(int point) {
        return point >= 0xe000 && point <= 0xf8ff ? NONE : point;
    }

    /** The code point that the JDK's decoder has for these bytes; {@link DoubleByte#NONE} if it has none. */
    private static int point(Charset jdk, int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        String text = new String(bytes, jdk);
        int point = text.codePointAt(0);
        return point == TextDecoder.REPLACEMENT || text.length() > Character.charCount(point) ? NONE : point;
    }
}
