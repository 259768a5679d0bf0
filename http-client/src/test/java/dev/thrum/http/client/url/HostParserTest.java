package dev.thrum.http.client.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostParserTest {
    private static final long SEED = Long.getLong("thrum.seed", 1);

    private static void requireRefused(String host, String message) {
        assertThatThrownBy(() -> HostParser.parse(host))
                .isInstanceOf(UrlException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "EXAMPLE.org, example.org",
        "ex%61mple.org, example.org",
        "a_b, a_b",
        "-a-, -a-",
        "a..b, a..b",
        "., .",
        "a., a.",
        "1.2.3.4.com, 1.2.3.4.com",
        "a.0x7g, a.0x7g",
        "'!\"$&''()*+,;=`{}~', '!\"$&''()*+,;=`{}~'",
    })
    void name_isDecodedAndInLowerCase(String text, String host) {
        assertThat(HostParser.parse(text)).isEqualTo(host);
    }

    @Test
    void label_ofAnyLengthInAscii_isAllowed() {
        assertThat(HostParser.parse("A".repeat(5_000))).isEqualTo("a".repeat(5_000));
    }

    @Test
    void forbiddenCharacters_areRefused_alsoEncoded() {
        String forbidden = " #%/:<>?@[\\]^|\u007f";
        for (char c = 0; c < 0x80; c++) {
            String encoded = "a%%%02xb".formatted((int) c);
            if (c < ' ' || forbidden.indexOf(c) >= 0) {
                requireRefused(encoded, "a host without spaces, control characters");
                requireRefused("%%%02x\u00fc".formatted((int) c), "a host ");
            } else {
                assertThat(HostParser.parse(encoded)).isEqualTo(("a" + c + "b").toLowerCase(java.util.Locale.ROOT));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "a%zz", "%25"})
    void percentSign_thatEncodesNothing_isRefused(String host) {
        requireRefused(host, "a host without spaces, control characters");
    }

    /** What is decoded once is not decoded again. */
    @Test
    void percentSign_thatIsDecoded_isRefused() {
        requireRefused("%2541\u00fc", "a host of characters that domain names may have");
        requireRefused("%2541.xn--n3h", "a host without spaces, control characters");
    }

    /** A mark may make a forbidden character one that is allowed. */
    @Test
    void forbiddenCharacter_thatIsPartOfAnother_isAllowed() {
        assertThat(HostParser.parse("<\u0338")).isEqualTo("xn--gdh");
        assertThat(HostParser.parse("\u226e")).isEqualTo("xn--gdh");
        requireRefused("<\u0338<", "a host without spaces, control characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%ff", "%c3", "a%80b", "%ed%a0%80", "%c0%ae"})
    void bytes_thatAreNotUtf8_areRefused(String host) {
        requireRefused(host, "a host whose percent-encoded bytes are UTF-8");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "127.0.0.1., 127.0.0.1",
        "127.1, 127.0.0.1",
        "127.0.1, 127.0.0.1",
        "0x7f.0.0.1, 127.0.0.1",
        "0X7F000001, 127.0.0.1",
        "0177.0.0.01, 127.0.0.1",
        "017700000001, 127.0.0.1",
        "2130706433, 127.0.0.1",
        "%31%32%37.1, 127.0.0.1",
        "\uff11\uff12\uff17\u30020\uff610\uff0e1, 127.0.0.1",
        "0, 0.0.0.0",
        "0x, 0.0.0.0",
        "00000000000000000000000000000000, 0.0.0.0",
        "0x00000000000000000ff, 0.0.0.255",
        "1.0xffffff, 1.255.255.255",
        "1.2.65535, 1.2.255.255",
        "4294967295, 255.255.255.255",
    })
    void ipv4_isReadInEveryForm(String text, String host) {
        assertThat(HostParser.parse(text)).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "256.0.0.1",
                "1.256.1",
                "1.2.3.256",
                "1.2.65536",
                "1.16777216",
                "4294967296",
                "0x100000000",
                "1.2.3.4.5",
                "1..2",
                ".1",
                "1.2.3.08",
                "0x1g.1",
                "a.1",
                "a.0x",
                "1.2.3.09.",
                "99999999999999999999999999",
                "0xffffffffffffffffffffffff",
                "18446744073709551617"
            })
    void ipv4_thatIsNone_isRefused_becauseTheHostEndsWithANumber(String host) {
        requireRefused(host, "an IPv4 address of one to four numbers");
    }

    @Test
    void ipv4_inGeneratedForms_isWhatItsNumbersAre() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 3_000; i++) {
            long address = random.nextLong(1L << 32);
            int parts = 1 + random.nextInt(4);
            List<String> numbers = new ArrayList<>();
            long rest = address;
            for (int part = 1; part < parts; part++) {
                long weight = 1L << (8 * (4 - part));
                numbers.add(spelled(rest / weight, random));
                rest %= weight;
            }
            numbers.add(spelled(rest, random));

            assertThat(HostParser.parse(String.join(".", numbers)))
                    .isEqualTo(InetAddress.ofLiteral(Long.toString(address)).getHostAddress());
        }
    }

    private static String spelled(long number, SplittableRandom random) {
        String zeros = "0".repeat(random.nextInt(3));
        return switch (random.nextInt(3)) {
            case 0 -> Long.toString(number);
            case 1 -> "0" + zeros + Long.toOctalString(number);
            default -> "0x" + zeros + Long.toHexString(number);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "[::], [::]",
        "[::1], [::1]",
        "[0:0:0:0:0:0:0:1], [::1]",
        "[2001:DB8::A], [2001:db8::a]",
        "[0001:02:3:4:5:6:7:8], [1:2:3:4:5:6:7:8]",
        "[1:2:3:4:5:6:7::], [1:2:3:4:5:6:7:0]",
        "[::2:3:4:5:6:7:8], [0:2:3:4:5:6:7:8]",
        "[1:0:0:2:0:0:0:3], [1:0:0:2::3]",
        "[1:0:0:2:2:0:0:3], [1::2:2:0:0:3]",
        "[::1.2.3.4], [::102:304]",
        "[::ffff:127.0.0.1], [::ffff:7f00:1]",
        "[1:2:3:4:5:6:255.255.255.255], [1:2:3:4:5:6:ffff:ffff]",
    })
    void ipv6_isWrittenInOneForm(String text, String host) {
        assertThat(HostParser.parse(text)).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[:]",
                "[:::]",
                "[1]",
                "[1:2:3:4:5:6:7]",
                "[1:2:3:4:5:6:7:8:9]",
                "[1:2:3:4:5:6:7::8]",
                "[1:2:3:4::5:6:7:8]",
                "[::1::]",
                "[1:]",
                "[:1]",
                "[12345::]",
                "[g::]",
                "[::-1]",
                "[::+1]",
                "[::1%eth0]",
                "[fe80::1%251]",
                "[::1 ]",
                "[\uff11::]",
                "[1.2.3.4]",
                "[1.2.3.4::]",
                "[::1.2.3.4:5]",
                "[::1.2.3]",
                "[::1.2.3.4.5]",
                "[::01.2.3.4]",
                "[::1.2.3.256]",
                "[::1.2.3.]",
                "[::0x1.2.3.4]",
                "[1:2:3:4:5:6:7:1.2.3.4]",
                "[::[1]"
            })
    void ipv6_thatIsNone_isRefused(String host) {
        requireRefused(host, "an IPv6 address in the brackets");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[::1", "[", "[::1]a", "[::1]]a", "[::1].", "[::1]%5D1"})
    void brackets_thatAreNotClosedAtTheEnd_areRefused(String host) {
        requireRefused(host, "an IPv6 address in brackets as the host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a[", "a]", "%5B::1]", "::1]", "a[::1]"})
    void brackets_elsewhere_areRefused(String host) {
        requireRefused(host, "a host without spaces, control characters");
    }

    @Test
    void ipv6_inGeneratedForms_isTheJdks() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = new BigInteger(128, new java.util.Random(random.nextLong()))
                    .or(BigInteger.ONE.shiftLeft(127))
                    .toByteArray();
            byte[] address = java.util.Arrays.copyOfRange(bytes, bytes.length - 16, bytes.length);
            for (int piece = 0; piece < 8; piece++) {
                if (random.nextInt(3) > 0) {
                    address[2 * piece] = 0;
                    address[2 * piece + 1] = 0;
                }
            }
            String parsed = HostParser.parse(
                    "[" + Inet6Address.getByAddress(null, address, -1).getHostAddress() + "]");

            assertThat(parsed).matches("\\[[0-9a-f:]+]");
            // The JDK shows an IPv4-mapped address as one of IPv4.
            assertThat(InetAddress.ofLiteral(parsed.substring(1, parsed.length() - 1)))
                    .isEqualTo(InetAddress.getByAddress(address));
            assertThat(HostParser.parse(parsed)).isEqualTo(parsed);
        }
    }
}
