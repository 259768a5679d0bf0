package dev.thrum.simulation.explore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StableTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            java.lang.Object@1b2c3d4e                                       | java.lang.Object@1
            was Room@5f.                                                    | was Room@1.
            a.Room@5f is not a.Room@60 but a.Room@5f                        | a.Room@1 is not a.Room@2 but a.Room@1
            [I@77459d9e and [Ljava.lang.String;@4e50df2e                    | [I@1 and [Ljava.lang.String;@2
            a.Test$$Lambda/0x00007f8b1c001000@1b2c                          | a.Test$$Lambda@1
            class a.Test$$Lambda/0x00007f8b1c001000 cannot be cast          | class a.Test$$Lambda cannot be cast
            a.Test$1@1b2c                                                   | a.Test$1@1
            in unnamed module of loader 'explored' @7c0c77c7; but           | in unnamed module of loader 'explored' @1; but
            VirtualThread[#231,actor 1]/runnable                            | VirtualThread[#1,actor 1]/runnable
            Thread[#31,main,5,main] and Thread[#29,x] and Thread[#31,main]  | Thread[#1,main,5,main] and Thread[#2,x] and Thread[#1,main]
            """)
    void whatIsAnotherNumberInEachRun_isNumbered(String text, String stable) {
        assertThat(StableText.of(text)).isEqualTo(stable);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "expected: <2> but was: <1>",
                "bob@cafe.org",
                "bob@cafe",
                "Bob@cafe.org",
                "issue #12",
                "0x7f8b1c001000",
                "a/0x12"
            })
    void otherTexts_stayAsTheyAre(String text) {
        assertThat(StableText.of(text)).isEqualTo(text);
    }
}
