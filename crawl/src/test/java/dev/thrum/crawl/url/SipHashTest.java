package dev.thrum.crawl.url;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.frontier.Fingerprint;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SipHashTest {
    /** The key of the reference implementation's table: the bytes 00 to 0f. */
    private static final SipHash HASH = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    private static byte[] ascending(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /** Rows of vectors_sip128 of the reference implementation. */
    @ParameterizedTest
    @CsvSource({
        "0, a3817f04ba25a8e66df67214c7550293",
        "1, da87c1d86b99af44347659119b22fc45",
        "2, 8177228da4a45dc7fca38bdef60affe4",
        "7, a1f1ebbed8dbc153c0b84aa61ff08239",
        "8, 3b62a9ba6258f5610f83e264f31497b4",
        "9, 264499060ad9baabc47f8b02bb6d71ed",
        "15, 5493e99933b0a8117e08ec0f97cfc3d9",
        "16, 6ee2a4ca67b054bbfd3315bf85230577",
        "63, 5150d1772f50834a503e069a973fbd7c",
    })
    void hash_isThatOfTheReference(int length, String expected) {
        Fingerprint hash = HASH.hash(ascending(length));

        HexFormat hex = HexFormat.of();
        assertThat(hex.toHexDigits(Long.reverseBytes(hash.high())) + hex.toHexDigits(Long.reverseBytes(hash.low())))
                .isEqualTo(expected);
    }

    @Test
    void hash_dependsOnEachPartOfTheKey() {
        assertThat(new SipHash(1, 2).hash("a"))
                .isEqualTo(new SipHash(1, 2).hash("a"))
                .isNotEqualTo(new SipHash(1, 3).hash("a"))
                .isNotEqualTo(new SipHash(0, 2).hash("a"));
    }

    @Test
    void hash_isDifferent_forEachOfManyTexts_inBothHalves() {
        Set<Long> halves = new HashSet<>();
        for (int i = 0; i < 50_000; i++) {
            Fingerprint hash = HASH.hash("http://example.org/page/" + i);
            halves.add(hash.high());
            halves.add(hash.low());
        }

        assertThat(halves).hasSize(100_000);
    }
}
