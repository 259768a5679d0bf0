package dev.thrum.crawl.text;

import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;

/**
 * The decoder of an encoding of one byte a character. The tables are the JDK's where it has them, with what the Encoding
 * Standard has besides: a byte from 80 to 9F that a code page of Windows leaves undefined is the control character of this
 * number.
 */
final class SingleByte implements TextDecoder {
    private static final int HALF = 128;
    private static final int CONTROLS = 0xa0;

    /** The characters from A1 on; those below are controls and U+00A0. */
    private static final Map<String, String> NOT_IN_THE_JDK = Map.of(
            "ISO-8859-10",
            "ĄĒĢĪĨĶ§ĻĐŠŦŽ\u00adŪŊ°ąēģīĩķ·ļđšŧž―ūŋĀÁÂÃÄÅÆĮČÉĘË" + "ĖÍÎÏÐŅŌÓÔÕÖŨØŲÚÛÜÝÞßāáâãäåæįčéęëėíîïðņōóôõöũøųúûüýþĸ",
            "ISO-8859-14",
            "Ḃḃ£ĊċḊ§Ẁ©ẂḋỲ\u00ad®ŸḞḟĠġṀṁ¶ṖẁṗẃṠỳẄẅṡÀÁÂÃÄÅÆÇÈÉÊË"
                    + "ÌÍÎÏŴÑÒÓÔÕÖṪØÙÚÛÜÝŶßàáâãäåæçèéêëìíîïŵñòóôõöṫøùúûüýŷÿ");

    /** What the JDK calls an encoding where it has another name for it. */
    private static final Map<String, String> IN_THE_JDK = Map.of(
            "ISO-8859-8-I", "ISO-8859-8",
            "macintosh", "x-MacRoman",
            "windows-874", "x-windows-874",
            "x-mac-cyrillic", "x-MacUkraine");

    private final char[] upper;

    private SingleByte(char[] upper) {
        this.upper = upper;
    }

    static SingleByte of(String name) {
        char[] upper = new char[HALF];
        String own = NOT_IN_THE_JDK.get(name);
        String text = own == null ? ofJdk(name) : "";
        for (int i = 0; i < HALF; i++) {
            int octet = HALF + i;
            if (own != null) {
                upper[i] = octet <= CONTROLS ? (char) octet : own.charAt(octet - CONTROLS - 1);
            } else {
                boolean isControl = text.charAt(i) == REPLACEMENT && octet < CONTROLS && name.startsWith("windows");
                upper[i] = isControl ? (char) octet : text.charAt(i);
            }
        }
        switch (name) {
            case "KOI8-U" -> {
                upper[0xae - HALF] = '\u045e';
                upper[0xbe - HALF] = '\u040e';
            }
            case "windows-1255" -> upper[0xca - HALF] = '\u05ba';
            case "x-mac-cyrillic" -> upper[0xff - HALF] = '\u20ac';
            default -> {}
        }
        return new SingleByte(upper);
    }

    /** The encoding whose upper half is a block of the private use area: the bytes stay recognizable. */
    static SingleByte userDefined() {
        char[] upper = new char[HALF];
        for (int i = 0; i < HALF; i++) {
            upper[i] = (char) (0xf780 + i);
        }
        return new SingleByte(upper);
    }

    private static String ofJdk(String name) {
        byte[] bytes = new byte[HALF];
        for (int i = 0; i < HALF; i++) {
            bytes[i] = (byte) (HALF + i);
        }
        return new String(bytes, Charset.forName(IN_THE_JDK.getOrDefault(name, name.toUpperCase(Locale.ROOT))));
    }

    @Override
    public String decode(byte[] bytes, int from, int to) {
        char[] text = new char[to - from];
        for (int i = from; i < to; i++) {
            byte octet = bytes[i];
            text[i - from] = octet >= 0 ? (char) octet : upper[octet + HALF];
        }
        return new String(text);
    }
}
