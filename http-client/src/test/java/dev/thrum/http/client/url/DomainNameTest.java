package dev.thrum.http.client.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.IDN;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainNameTest {
    private static final long SEED = Long.getLong("thrum.seed", 1);

    @ParameterizedTest
    @CsvSource({
        "B\u00fccher.Example, xn--bcher-kva.example",
        "bu\u0308cher, xn--bcher-kva",
        "XN--BCHER-KVA, xn--bcher-kva",
        "fa\u00df.de, xn--fa-hia.de",
        "\u03b2\u03cc\u03bb\u03bf\u03c2, xn--nxasmm1c",
        "\u65e5\u672c\u8a9e\u3002\uff2a\uff30, xn--wgv71a119e.jp",
        "a\uff0eb\uff61c, a.b.c",
        "a..\u00fc., a..xn--tda.",
        "\ufb01\u2120, fism",
        "a\u00adb, ab",
        "\u2603, xn--n3h",
        "\ud83d\udca9, xn--ls8h",
        "\uff38\uff2e--\uff42cher-kva, xn--bcher-kva",
    })
    void name_isMappedAndEncoded(String name, String ascii) {
        assertThat(DomainName.toAscii(name)).isEqualTo(ascii);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\ufffd",
                "a\u0080",
                "\ue000",
                "\u3000",
                "a\u202eb",
                "\u0378",
                "\ufdd0",
                "\ud83f\udfff",
                "xn--\u00fc",
                "a\u2488"
            })
    void characters_thatNamesDoNotHave_areRefused(String name) {
        requireRefused(name, "a host of characters that domain names may have");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "xn--",
                "a.xn--.b",
                "xn--a",
                "xn--abc",
                "xn--abc-",
                "xn--pokxncvks",
                "xn--99999999999999",
                "xn--bcher-kva!",
                "xn--99zzzzzzzzzzzz",
                "xn--0000h",
                "xn--ls8h="
            })
    void punycode_thatIsMalformed_orStandsForAscii_isRefused(String name) {
        requireRefused(name, "valid Punycode");
    }

    /** Capitals, what normalizing changes, what is not allowed, and marks at the beginning. */
    @ParameterizedTest
    @ValueSource(strings = {"xn--tca", "xn--zn7c", "xn--a-wbb", "xn--bucher-xyd", "xn--a-83t", "xn--xn---3ra"})
    void punycode_ofCharactersThatWouldBeMapped_isRefused(String name) {
        requireRefused(name, "valid Punycode");
    }

    @ParameterizedTest
    @CsvSource({
        "\u0915\u094d\u200d\u0937, true",
        "\u0915\u094d\u200c\u0937, true",
        "\u0646\u0627\u0645\u0647\u200c\u0627\u06cc, true",
        "\u0628\u0651\u200c\u0651\u0628, true",
        "a\u200cb, false",
        "a\u200db, false",
        "\u200c\u0628, false",
        "\u0628\u200c, false",
        "\u0628\u200d\u0628, false",
        "\u0915\u200d\u0937, false",
        "\u200d, false",
    })
    void joiners_areAllowed_whereTheyChangeTheWriting(String name, boolean allowed) {
        requireAllowed(name, allowed, "valid Punycode");
    }

    @ParameterizedTest
    @CsvSource({
        "\u05d0\u05d1, true",
        "\u05d0\u05d1.com, true",
        "a1.\u05d0, true",
        "\u05d01, true",
        "\u05d0\u0660, true",
        "\u05d0\u05b0, true",
        "\u05d0-\u05d1.a\u00e9, true",
        "\u05d0..a, true",
        "a\u05d0, false",
        "\u05d0a, false",
        "1\u05d0, false",
        "\u05d0-, false",
        "\u05d01\u0660, false",
        "1a.\u05d0, false",
        "a-.\u05d0, false",
        "\u05d0.1, false",
        "xn--ab-wld, false",
    })
    void labels_areInOneDirection(String name, boolean allowed) {
        requireAllowed(name, allowed, "(RFC 5893)");
    }

    /** The differences from the standard, which leaves lengths to DNS: no such name is in it. */
    @Test
    void labels_thatDnsCannotHave_areRefused_ifTheyAreNotAscii() {
        String longest = "\u00fc" + "a".repeat(55);

        assertThat(DomainName.toAscii(longest)).hasSize(63).startsWith("xn--");
        requireRefused(longest + "a", "with 1 to 63 between dots in ASCII");
        requireRefused("\u00ad", "with 1 to 63 between dots in ASCII");
        requireRefused("a.\u00ad.b", "with 1 to 63 between dots in ASCII");
        requireRefused("a\u2026", "with 1 to 63 between dots in ASCII");
        requireRefused("\u4f60".repeat(64), "with 1 to 63 between dots in ASCII");
        assertThat(DomainName.toAscii("\u00fc.".repeat(500))).hasSize(4_000);
        requireRefused("\u00fc.".repeat(500) + "a", "a host of at most 1000 characters");
        requireRefused("xn--tda.".repeat(200), "a host of at most 1000 characters");
        requireRefused("xn--" + "a".repeat(60), "valid Punycode");
    }

    /** An independent computation: the JDK's, for letters on which its old version of the standard agrees. */
    @Test
    void generatedLabels_areEncodedAsTheJdkDoes_andDecoded() {
        SplittableRandom random = new SplittableRandom(SEED);
        int[] letters =
                "abcxyz059-\u00e4\u00f6\u00fc\u00e9\u0142\u03b1\u03b2\u03b3\u0434\u0436\u044f\u4f60\u597d\u3042\u30ab\uac00"
                        .codePoints()
                        .toArray();
        for (int i = 0; i < 1_500; i++) {
            StringBuilder label = new StringBuilder("a");
            for (int length = 1 + random.nextInt(12); length > 0; length--) {
                label.appendCodePoint(letters[random.nextInt(letters.length)]);
            }
            label.append('\u00fc');

            String ascii = IDN.toASCII(label.toString(), IDN.ALLOW_UNASSIGNED);
            assertThat(DomainName.toAscii(label.toString())).isEqualTo(ascii);
            assertThat(DomainName.toAscii(ascii)).isEqualTo(ascii);
            assertThat(Punycode.decode(ascii.substring("xn--".length()))).contains(label.toString());
        }
    }

    private static void requireAllowed(String name, boolean allowed, String message) {
        if (allowed) {
            String ascii = DomainName.toAscii(name);
            assertThat(DomainName.toAscii(ascii)).isEqualTo(ascii);
        } else {
            requireRefused(name, message);
        }
    }

    private static void requireRefused(String name, String message) {
        assertThatThrownBy(() -> DomainName.toAscii(name))
                .isInstanceOf(UrlException.class)
                .hasMessageContaining(message);
    }
}
