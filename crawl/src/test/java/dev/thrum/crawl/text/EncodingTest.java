package dev.thrum.crawl.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The decoders against the Encoding Standard: every label of its {@code encodings.json}, and every character of its indexes
 * by the SHA-256 that the standard publishes as the identifier of each.
 */
final class EncodingTest {
    /** The identifiers of the indexes of 18 September 2024; the standard has not changed them since. */
    private static final String IDENTIFIERS = """
            big5 8dfc771062e7be0810919082c2c06baa2236147909e0ecc235b1cb9ad782ac82
            euc-kr 1d97134cbf187263585bc8f593ca4196654ed4c7a673f5672eaad4f5d9fdc4ba
            gb18030-ranges f963aaa1653f630c523e7b04729fb4e4458f35806c45eb5c179445623138f0c0
            gb18030 ff1c9a923b5d24f9761b3a2de2c0f07b395f9f6f36519508944de4f0415be81c
            ibm866 db6fe14a559d1601a7667338d83704773d5708dbc641e1ad3c5e21405770f05e
            iso-8859-10 02c2b5590d8ccda9931008c471f6ee2c590b2c8fe5e6ccb3b08638115d778507
            iso-8859-13 40736338e964ab520407cebcb01329f8d450abf6ce12bf88b74b655b60e43300
            iso-8859-14 2c8651cfc08b1f35b17919ee5379f2fa006af3ec809f11b3b7f470785580542b
            iso-8859-15 a560aba47bccd7510a6ac77f671fe75dca3800f05cf6d676910c311a8f8ff079
            iso-8859-16 55676320d2d1b6e6909f5b3d741a7cf0cefc84e920aa4474afc091459111c2e3
            iso-8859-2 9569c67f22d0b57790e1c407c6eecf227e4562322dc296de43cdab7a0152ec73
            iso-8859-3 af8f1e12df79b768322b5e83613698cdc619438270a2fc359554331c805054a3
            iso-8859-4 72f29c92344d351fe9e74a946e7e0468d76d542c6894ff82982cb652ebe0feb7
            iso-8859-5 fa9b1f3f5242df43e2e7bca80e9b6997c67944f20a4af91ee06bacc4e132d9c9
            iso-8859-6 85bb7b5c2dc75975afebe5743935ba4ed5a09c1e9e34e9bfb2ff80293f5d8bbc
            iso-8859-7 f53d8aeba36314ef950eef02ffcf11dff540638ce27dfe7a86b6ccc6875afb24
            iso-8859-8 7657a9ca3fa875990da960d3f812eea28dcd0ae6ed55a18d5394303c86f5484b
            jis0208 cbaa91f3deb7d0841faf5c33041fc15a285da0e87e64ab802c4bf04b7c4da861
            jis0212 83bf90dd1c591a4355730d8c4567efc499d74da7490531019ef22a879991cfb7
            koi8-r c5497cd9071cb352c0e56b219154e539badf63de40b71578f09e2e11fe7d50ae
            koi8-u 19a4da2c3f245118bbc8019326f45a07832949938ff903f03d62ac4da1f61f40
            macintosh f2c6a4f6406b3e86a50a5dba4d2b7dd48e2e33c0d82aefe764535c934ec11764
            windows-1250 0669455a7a1c70ba6003ea737991e8ee9adc455125c13cfe6705a361358de5fa
            windows-1251 7592ef921679ba168b00a9e9afa3b4eebd67bf13dc7e84c4b6e120de856826e0
            windows-1252 e56d49d9176e9a412283cf29ac9bd613f5620462f2a080a84eceaf974cfa18b7
            windows-1253 49fdc881a3488904dd1e8dfba9aef3258454249958b611bcded1d4c981ab5561
            windows-1254 e80a27adf377438be8ba5bd223875ea56d6a4d47f958cce1c957a2c446825caa
            windows-1255 cd7fb43c97eefa1651084d92d02af53ad668bd848528c18c3b1af5c06b499651
            windows-1256 161bdb381f16408e8bebcc8f5310c4190af0e359de8d9bbaa3628ce2f0875509
            windows-1257 cc7256bdd10a5b8dc7fb6f994659f307dfcae60def9aa6c29d811f85e2842c47
            windows-1258 198bacedfcf24390e219240a7b776b6cec34cff070330b08a601a69c67f7eb24
            windows-874 b416583ce125e38474381b31b401a98b19ecf2e57e0998e78a1e18b14894905d
            x-mac-cyrillic 73e8e7642c6fa9de29d42819b47fba55b58666fb1e339faeb4a89a0bd7c24d43
            """;

    private static Encoding encoding(String label) {
        return Encoding.ofLabel(label).orElseThrow(() -> new AssertionError("expected an encoding " + label));
    }

    private static String decode(String label, String hex) {
        return encoding(label).decode(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void label_always_isThatOfTheStandard() throws IOException {
        List<String> labels = new ArrayList<>();
        try (InputStream json = EncodingTest.class.getResourceAsStream("encodings.json")) {
            for (JsonNode group : JsonMapper.shared().readTree(Objects.requireNonNull(json))) {
                for (JsonNode encoding : group.get("encodings")) {
                    for (JsonNode label : encoding.get("labels")) {
                        labels.add(label.asString());
                        assertThat(encoding(label.asString()).name())
                                .as(label.asString())
                                .isEqualTo(encoding.get("name").asString());
                    }
                }
            }
        }
        assertThat(labels).hasSize(228);
        assertThat(EncodingLabels.labels()).isEqualTo(new TreeSet<>(labels));
    }

    @ParameterizedTest
    @ValueSource(strings = {" UTF-8\t", "Utf-8", "\r\nutf-8\f"})
    void label_withBlanksAndCapitals_isFound(String label) {
        assertThat(encoding(label)).isSameAs(Encoding.UTF8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "utf-9", "utf 8", "\u000butf-8", "\u212aoi8-r", "utf-7", "x-sjis-jphone"})
    void label_ofNoEncoding_isNone(String label) {
        assertThat(Encoding.ofLabel(label)).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> character_always_isThatOfTheStandard() {
        return IDENTIFIERS
                .lines()
                .map(line -> line.split(" "))
                .map(line -> DynamicTest.dynamicTest(
                        line[0], () -> assertThat(sha256(index(line[0]))).isEqualTo(line[1])));
    }

    /** The index as the standard's program writes it before it computes the identifier. */
    private static String index(String name) {
        return switch (name) {
            case "jis0208" -> index(11_280, "shift_jis", i -> two(i, 188, 0x81, i / 188 < 0x1f ? 0 : 0x40, 0x3f));
            case "jis0212" -> index(8_836, "euc-jp", i -> octets(0x8f, i / 94 + 0xa1, i % 94 + 0xa1));
            case "euc-kr" -> index(23_940, "euc-kr", i -> octets(i / 190 + 0x81, i % 190 + 0x41));
            case "gb18030" -> index(23_940, "gb18030", i -> two(i, 190, 0x81, 0, 0x3f));
            case "big5" -> index(19_782, "big5", i -> octets(i / 157 + 0x81, i % 157 + (i % 157 < 0x3f ? 0x40 : 0x62)));
            case "gb18030-ranges" -> ranges();
            default -> index(128, name, i -> octets(i + 0x80));
        };
    }

    private static byte[] two(int pointer, int cells, int lead, int gap, int half) {
        int trail = pointer % cells;
        return octets(pointer / cells + lead + gap, trail + (trail < half ? 0x40 : 0x41));
    }

    private static byte[] octets(int... values) {
        byte[] octets = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            octets[i] = (byte) values[i];
        }
        return octets;
    }

    private static String index(int size, String label, IntFunction<byte[]> octets) {
        Encoding encoding = encoding(label);
        return IntStream.range(0, size)
                .mapToObj(pointer -> element(label, pointer, encoding.decode(octets.apply(pointer))))
                .toList()
                .toString();
    }

    private static String element(String label, int pointer, String text) {
        // Shift_JIS maps these rows to private characters, which the index does not have; Big5 these four to two
        // characters.
        boolean isOutside = (label.equals("shift_jis") && pointer >= 8_836 && pointer < 10_716)
                || (label.equals("big5") && List.of(1133, 1135, 1164, 1166).contains(pointer));
        return isOutside || text.contains("\ufffd") ? "None" : Integer.toString(text.codePointAt(0));
    }

    private static String ranges() {
        Encoding encoding = encoding("gb18030");
        List<String> ranges = new ArrayList<>();
        int expected = -1;
        for (int pointer = 0; pointer < 39_420; pointer++) {
            int point =
                    pointer == 7_457 ? 0x1e3f : encoding.decode(four(pointer)).codePointAt(0);
            if (point != expected) {
                ranges.add("[" + pointer + ", " + point + "]");
            }
            expected = point + 1;
        }
        ranges.add("[189000, " + encoding.decode(four(189_000)).codePointAt(0) + "]");
        return ranges.toString();
    }

    private static byte[] four(int pointer) {
        return octets(
                pointer / 12_600 + 0x81, pointer / 1_260 % 10 + 0x30, pointer / 10 % 126 + 0x81, pointer % 10 + 0x30);
    }

    private static String sha256(String text) throws NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().formatHex(digest);
    }

    @ParameterizedTest
    @CsvSource({
        // A lead byte does not swallow the ASCII byte after it.
        "shift_jis, 81 3c 62, �<b",
        "euc-jp, a4 3c 62, �<b",
        "euc-jp, 8f a2 3c 62, �<b",
        "euc-kr, b0 3c 62, �<b",
        "big5, a4 3c 62, �<b",
        "gbk, b0 3c 62, �<b",
        "gb18030, 81 30 3c 62, �0<b",
        "gb18030, 81 30 81 3c, �0�<",
        "iso-2022-jp, 1b 24 42 24 22 1b 28 42 3c, あ<",
        "utf-8, e3 3c 62, �<b",
        // A wrong second byte that is not ASCII goes with the first.
        "shift_jis, 81 ff 62, �b",
        "euc-jp, a4 a0 62, �b",
        "euc-kr, a4 ff 62, �b",
        // The end within a character.
        "shift_jis, 62 81, b�",
        "euc-jp, 8f a2, �",
        "euc-jp, 8f, �",
        "gb18030, 81, �",
        "gb18030, 81 30, �",
        "gb18030, 81 30 81, �",
        "gb18030, 81 30 30, �00",
        "iso-2022-jp, 1b 24 42 24, �",
        "utf-16le, 61 00 62, a�",
        "utf-16be, d8 00 00 61, �a",
        "utf-16be, d8 00 00, �",
        "utf-16be, d8 3d de 00 dc 00, \ud83d\ude00�",
        "utf-16le, 3d d8 00 de 61, \ud83d\ude00�",
        "utf-16le, 61, �",
        // Two escape sequences in a row, and one that there is not.
        "iso-2022-jp, 1b 28 42 1b 28 42 61, �a",
        "iso-2022-jp, 1b 28 5a 61, �(Za",
        "iso-2022-jp, 1b 28 49 31, ｱ",
        "iso-2022-jp, 1b 28 4a 5c 7e, ¥‾",
        "iso-8859-1, 80 93 e9, €“é",
        "windows-1252, 81, \u0081",
        "big5, 88 62 88 a5, Ê̄ê̌",
        "gbk, 80, €",
        "euc-jp, 8e b1, ｱ",
        "shift_jis, b1 f0 40, ｱ\ue000",
        "gb18030, 90 30 81 30, \ud800\udc00",
        "gb18030, 81 35 f4 37, \ue7c7",
        "x-user-defined, 41 80 ff, A\uf780\uf7ff",
    })
    void octets_always_areDecodedAsInBrowsers(String label, String hex, String text) {
        assertThat(decode(label, hex)).isEqualTo(text);
    }

    @Test
    void replacement_always_isOneCharacterWhateverTheTextIs() {
        assertThat(decode("iso-2022-kr", "3c736372697074")).isEqualTo("\ufffd");
        assertThat(decode("hz-gb-2312", "")).isEmpty();
    }

    @Test
    void octets_ofAnyKind_areDecodedByEveryEncodingAndKeepAscii() {
        Random random = new Random(4711);
        for (String label : EncodingLabels.labels()) {
            Encoding encoding = encoding(label);
            for (int round = 0; round < 20; round++) {
                byte[] octets = new byte[random.nextInt(300)];
                random.nextBytes(octets);
                assertThat(encoding.decode(octets).length())
                        .as("%s, %s", label, HexFormat.of().formatHex(octets))
                        .isLessThanOrEqualTo(2 * octets.length);
            }
        }
    }
}
