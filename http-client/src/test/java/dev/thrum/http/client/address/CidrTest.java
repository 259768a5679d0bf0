package dev.thrum.http.client.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 10.1.0.0/16",
        "0.0.0.0/0, 0.0.0.0/0",
        "10.1.2.3, 10.1.2.3/32",
        "10.1.2.3/032, 10.1.2.3/32",
        "FD00:0::/8, fd00::/8",
        "::/0, ::/0",
        "2001:db8::1, 2001:db8::1/128",
        "::ffff:10.0.0.1, 10.0.0.1/32",
    })
    void text_isRead_andWrittenInOneForm(String text, String block) {
        assertThat(Cidr.parse(text))
                .hasToString(block)
                .isEqualTo(Cidr.parse(block))
                .hasSameHashCodeAs(Cidr.parse(block));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/a",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/8/8",
                "10/8",
                "10.0/16",
                "0x0a.0.0.0/8",
                "256.0.0.0/8",
                "1.2.3.4.5",
                "localhost",
                "localhost/8",
                "fe80::1%1",
                "[::1]",
                ":",
                "::1::",
                "g::/8",
                " 10.0.0.0/8",
                "10.0.0.0/8 ",
                "10.0.0.0/1000"
            })
    void text_thatIsNoBlock_isRefused(String text) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "expected a block such as 10.1.0.0/16 or fd00::/8, or an address, but was \"" + text + "\"");
    }

    @Test
    void prefix_thatIsLongerThanTheAddress_isRefused() {
        assertThatThrownBy(() -> Cidr.parse("10.0.0.0/33"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a prefix of 0 to 32 bits but was 10.0.0.0/33");
        assertThatThrownBy(() -> Cidr.parse("::/129")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cidr.parse("::ffff:10.0.0.0/104")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void address_thatIsNotTheFirstOfItsBlock_isRefused() {
        assertThatThrownBy(() -> Cidr.parse("10.1.2.3/16"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected the first address of a block, 10.1.0.0/16, but was 10.1.2.3/16");
        assertThatThrownBy(() -> Cidr.parse("::1/127")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void address_isInABlock_ifItsNumberIs() {
        Random random = new Random(Long.getLong("thrum.seed", 1));
        for (int i = 0; i < 5_000; i++) {
            int bits = random.nextBoolean() ? 32 : 128;
            int prefix = random.nextInt(bits + 1);
            BigInteger size = BigInteger.ONE.shiftLeft(bits - prefix);
            BigInteger first = new BigInteger(bits, random).divide(size).multiply(size);
            // Not mapped, which the JDK makes an address of IPv4.
            first = bits == 128 && prefix > 0 ? first.setBit(127) : first;
            Cidr block = new Cidr(Blocks.address(first, bits), prefix);
            BigInteger number =
                    first.add(new BigInteger(bits - prefix + 1, random)).subtract(size.shiftRight(1));
            if (number.signum() >= 0 && number.bitLength() <= bits) {
                boolean expected = number.compareTo(first) >= 0 && number.compareTo(first.add(size)) < 0;
                assertThat(block.contains(Blocks.address(number, bits)))
                        .as("%s in %s", number, block)
                        .isEqualTo(expected);
            }
            assertThat(block.contains(Blocks.address(first, bits))).isTrue();
        }
    }

    @Test
    void address_ofTheOtherVersion_isInNoBlock() {
        assertThat(Cidr.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("::1")))
                .isFalse();
        assertThat(Cidr.parse("::/0").contains(InetAddress.ofLiteral("127.0.0.1")))
                .isFalse();
    }
}
