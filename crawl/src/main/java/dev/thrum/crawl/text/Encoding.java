package dev.thrum.crawl.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An encoding of the <a href="https://encoding.spec.whatwg.org/">Encoding Standard</a>, with its decoder. Immutable.
 *
 * @param name as the standard writes it
 */
public record Encoding(String name, TextDecoder decoder) {
    /** The encoding of most pages. */
    public static final Encoding UTF8 =
            new Encoding("UTF-8", (bytes, from, to) -> new String(bytes, from, to - from, UTF_8));

    static final Encoding UTF16BE = new Encoding("UTF-16BE", new Utf16(true));
    static final Encoding UTF16LE = new Encoding("UTF-16LE", new Utf16(false));
    /** What is left where nothing says which encoding a text has. */
    static final Encoding WINDOWS_1252 = new Encoding("windows-1252", SingleByte.of("windows-1252"));

    /** Encodings that have been needed, by name: the tables of most are large, and most are rare. */
    private static final Map<String, Encoding> MADE = new ConcurrentHashMap<>();

    /** The encoding with this label; empty if the standard has none. */
    static Optional<Encoding> ofLabel(String label) {
        return EncodingLabels.name(label).map(name -> MADE.computeIfAbsent(name, Encoding::make));
    }

    private static Encoding make(String name) {
        return switch (name) {
            case "UTF-8" -> UTF8;
            case "UTF-16BE" -> UTF16BE;
            case "UTF-16LE" -> UTF16LE;
            case "windows-1252" -> WINDOWS_1252;
            case "GBK", "gb18030" -> new Encoding(name, DoubleBytes.gb18030());
            case "Big5" -> new Encoding(name, DoubleBytes.big5());
            case "EUC-JP" -> new Encoding(name, DoubleBytes.eucJp());
            case "EUC-KR" -> new Encoding(name, DoubleBytes.eucKr());
            case "Shift_JIS" -> new Encoding(name, DoubleBytes.shiftJis());
            case "ISO-2022-JP" -> new Encoding(name, new Iso2022Jp());
            case "x-user-defined" -> new Encoding(name, SingleByte.userDefined());
            case "replacement" -> new Encoding(name, (_, from, to) -> from == to ? "" : "\ufffd");
            default -> new Encoding(name, SingleByte.of(name));
        };
    }

    /**
     * What a declaration within a text with this encoding can mean: whoever could read it did not read UTF-16, and {@code
     * x-user-defined} is taken for what it was typed on.
     */
    Encoding asDeclaredInside() {
        return switch (name) {
            case "UTF-16BE", "UTF-16LE" -> UTF8;
            case "x-user-defined" -> WINDOWS_1252;
            default -> this;
        };
    }

    /** Whether a byte of ASCII in a text is always that character, and never part of another one. */
    public boolean keepsAscii() {
        return equals(UTF8) || decoder instanceof SingleByte;
    }

    /** The text of the bytes in this range. */
    public String decode(byte[] bytes, int from, int to) {
        return decoder.decode(bytes, from, to);
    }

    String decode(byte[] bytes) {
        return decoder.decode(bytes, 0, bytes.length);
    }

    @Override
    public String toString() {
        return name;
    }
}
