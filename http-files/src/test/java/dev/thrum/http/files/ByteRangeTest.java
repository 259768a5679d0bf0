package dev.thrum.http.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, section 14.1.2; the first rows are its examples, of 10,000 bytes. */
class ByteRangeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-499 | 10000 | 0-499",
                "bytes=500-999 | 10000 | 500-999",
                "bytes=-500 | 10000 | 9500-9999",
                "bytes=9500- | 10000 | 9500-9999",
                "bytes=0-0 | 10000 | 0-0",
                "bytes=-1 | 10000 | 9999-9999",
                "bytes= 0-999, 4500-5499, -1000 | 10000 | whole",
                "bytes=500-600,601-999 | 10000 | whole",
                "BYTES=1-2 | 10000 | 1-2",
                "bytes=1-2, | 10000 | 1-2",
                "bytes= 1-2 | 10000 | 1-2",
                "bytes=9999-10000 | 10000 | 9999-9999",
                "bytes=0-99999999999999999999999 | 10000 | 0-9999",
                "bytes=-99999999999999999999999 | 10000 | 0-9999",
                "bytes=-10001 | 10000 | 0-9999",
                "bytes=000001-02 | 10000 | 1-2",
                "bytes=10000- | 10000 | none",
                "bytes=10000-10001 | 10000 | none",
                "bytes=99999999999999999999999- | 10000 | none",
                "bytes=-0 | 10000 | none",
                "bytes=0- | 0 | none",
                "bytes=-5 | 0 | whole",
                "bytes=2-1 | 10000 | whole",
                "bytes=- | 10000 | whole",
                "bytes= | 10000 | whole",
                "bytes | 10000 | whole",
                "bytes=a-b | 10000 | whole",
                "bytes=1-2-3 | 10000 | whole",
                "bytes=--1 | 10000 | whole",
                "bytes=1 - 2 | 10000 | whole",
                "bytes=0x1-2 | 10000 | whole",
                "bytes=+1-2 | 10000 | whole",
                "lines=1-2 | 10000 | whole",
                "bytes 1-2 | 10000 | whole",
                "bytes=5000000000-5000000009 | 6000000000 | 5000000000-5000000009",
                "bytes=-1 | 9223372036854775807 | 9223372036854775806-9223372036854775806",
            })
    void range_isParsedAsTheRfcRequires(String value, long size, String expected) {
        String actual = switch (ByteRange.of(value, size)) {
            case ByteRange.Whole() -> "whole";
            case ByteRange.None() -> "none";
            case ByteRange.Part part -> part.first() + "-" + part.last();
        };
        assertThat(actual).isEqualTo(expected);
    }
}
