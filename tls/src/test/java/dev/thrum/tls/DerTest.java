package dev.thrum.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DER is written as X.690 says, and read without trusting it. */
final class DerTest {
    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static DerReader reader(String hex) {
        return new DerReader(HexFormat.of().parseHex(hex));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0400",
        "127, 047f",
        "128, 048180",
        "255, 0481ff",
        "256, 04820100",
        "65535, 0482ffff",
        "65536, 0483010000"
    })
    void lengthsAreTheShortestPossible(int length, String begin) throws IOException {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) 7);
        byte[] written = Der.octets(content);
        assertThat(hex(written)).startsWith(begin).hasSize(begin.length() + 2 * length);
        assertThat(new DerReader(written).bytes(Der.OCTET_STRING)).isEqualTo(content);
    }

    @ParameterizedTest
    @CsvSource({
        "2.5.4.3, 0603550403",
        "1.2.840.113549.1.1.11, 06092a864886f70d01010b",
        "1.3.101.112, 06032b6570",
        "2.16.840.1.101.3.4.1.42, 060960864801650304012a",
        "0.0, 060100",
        "1.39, 06014f",
        "2.999.127.128.16383.16384, 060a88377f8100ff7f818000"
    })
    void objectIdentifiers(String dotted, String encoded) throws IOException {
        assertThat(hex(Der.oid(dotted))).isEqualTo(encoded);
        assertThat(reader(encoded).oid()).isEqualTo(dotted);
    }

    @Test
    void numbersBitsAndTimes() throws IOException {
        assertThat(hex(Der.integer(BigInteger.ZERO))).isEqualTo("020100");
        assertThat(hex(Der.integer(BigInteger.valueOf(128)))).isEqualTo("02020080");
        assertThat(reader("02020080").number()).isEqualTo(128);
        assertThat(hex(Der.bool(true))).isEqualTo("0101ff");
        assertThat(hex(Der.bool(false))).isEqualTo("010100");
        assertThat(hex(Der.namedBits(0x80))).isEqualTo("03020780");
        assertThat(hex(Der.namedBits(0x06))).isEqualTo("03020106");
        assertThat(hex(Der.namedBits(0x01))).isEqualTo("03020001");
        assertThat(hex(Der.namedBits(0))).isEqualTo("030100");
        assertThat(time("2049-12-31T23:59:59Z")).isEqualTo("\u0017\r491231235959Z");
        assertThat(time("1950-01-01T00:00:00Z")).isEqualTo("\u0017\r500101000000Z");
        assertThat(time("2050-01-01T00:00:00Z")).isEqualTo("\u0018\u000f20500101000000Z");
        assertThat(time("1949-12-31T23:59:59Z")).isEqualTo("\u0018\u000f19491231235959Z");
        assertThat(time("9999-12-31T23:59:59Z")).isEqualTo("\u0018\u000f99991231235959Z");
    }

    private static String time(String instant) {
        return new String(Der.time(Instant.parse(instant)), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "30",
                "3001",
                "300200",
                "3080",
                "3084000000010a",
                "30830fffff",
                "04020101",
                "02",
                "3081",
                "308200"
            })
    void sequenceThatIsNone(String hex) {
        assertThatThrownBy(() -> reader(hex).enter(Der.SEQUENCE)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0200", "020101ff", "0205010000000000", "0201ff", "0205008000000000", "0401"})
    void numberThatIsNone(String hex) {
        assertThatThrownBy(() -> {
                    DerReader reader = reader(hex);
                    int _ = reader.number();
                    byte[] _ = reader.any();
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void objectIdentifierWithAHugeNumber() {
        assertThatThrownBy(() -> reader("060c2affffffffffffffffffff7f").oid())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("one of its numbers is too large");
    }

    @Test
    void valuesOfAReaderEndWhereItsOwnEnds() throws IOException {
        DerReader outer = reader("3003020105020107");
        DerReader inner = outer.enter(Der.SEQUENCE);
        assertThat(inner.number()).isEqualTo(5);
        assertThat(inner.hasMore()).isFalse();
        assertThat(inner.isAt(Der.INTEGER)).isFalse();
        assertThatThrownBy(inner::number).isInstanceOf(IOException.class);
        assertThat(outer.number()).isEqualTo(7);
        // The value claims more than the sequence around it has.
        assertThatThrownBy(() -> reader("30030204050607").enter(Der.SEQUENCE).number())
                .isInstanceOf(IOException.class);
    }
}
