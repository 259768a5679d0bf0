package dev.thrum.crawl.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeNameTest {
    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            delimiter = '|',
            value = {
                "report.pdf|report.pdf",
                "naïve café.txt|naïve café.txt",
                "日本語.txt|日本語.txt",
                "a/b/c.txt|c.txt",
                "..\\..\\c.txt|c.txt",
                "C:\\windows\\c.txt|c.txt",
                "c:autoexec.bat|c_autoexec.bat",
                "/etc/passwd|passwd",
                "../../.ssh/authorized_keys|authorized_keys",
                ".bashrc|_bashrc",
                "..x|_.x",
                "-rf|_rf",
                "--help|_-help",
                "~root|_root",
                " a.txt |a.txt",
                "a.txt...|a.txt",
                "a.txt. . |a.txt",
                "CON|_CON",
                "con.txt|_con.txt",
                "con .txt|_con .txt",
                "Aux.tar.gz|_Aux.tar.gz",
                "lpt9|_lpt9",
                "COM¹.log|_COM¹.log",
                "CONIN$|_CONIN$",
                "console.log|console.log",
                "com10|com10",
                "desktop.ini|_desktop.ini",
                "a<b>c:d\"e?f*g.txt|a_b_c_d_e_f_g.txt",
                "a%2Fb|a%2Fb",
                "a\u0000b|a_b",
                "a\u001b[31mb|a_[31mb",
                "a\u007fb|a_b",
                "a\u009b31mb|a_31mb",
                "evil\u202efdp.exe|evil_fdp.exe",
                "a\u2028b|a_b",
                "a\u200bb|a_b",
                "a\u00a0b|a b",
                "a\uff0fb|a_b",
                "a\ud800b|a_b",
                "e\u0301.txt|é.txt",
                "|",
                "name|name",
                "a.b.c|a.b.c",
                "😀.png|😀.png"
            })
    void namesAreMadeHarmless(String proposed, String expected) {
        assertThat(SafeName.of(proposed == null ? "" : proposed)).isEqualTo(Optional.ofNullable(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "...", " ", " . ", "/", "a/", "a\\", "../", "\u3000", "....//"})
    void nothingIsLeft_ofNamesThatAreNone(String proposed) {
        assertThat(SafeName.of(proposed)).isEmpty();
    }

    @Test
    void longNames_keepTheirExtension() {
        assertThat(SafeName.of("a".repeat(300) + ".pdf")).contains("a".repeat(251) + ".pdf");
        assertThat(SafeName.of("a".repeat(300) + ".tar.gz")).contains("a".repeat(248) + ".tar.gz");
        assertThat(SafeName.of("a".repeat(300))).contains("a".repeat(255));
        assertThat(SafeName.of("a." + "b".repeat(300)).orElseThrow()).hasSize(255);
        assertThat(SafeName.of("é".repeat(200) + ".txt")).contains("é".repeat(125) + ".txt");
        assertThat(SafeName.of("😀".repeat(100) + ".txt")).contains("😀".repeat(62) + ".txt");
        assertThat(SafeName.of("a".repeat(250) + " . .b".repeat(2) + ".txt")
                        .orElseThrow()
                        .getBytes(UTF_8)
                        .length)
                .isLessThanOrEqualTo(255);
    }

    @Test
    void numbers_areBeforeTheExtension() {
        assertThat(SafeName.numbered("report.pdf", 2)).isEqualTo("report-2.pdf");
        assertThat(SafeName.numbered("data.tar.gz", 13)).isEqualTo("data-13.tar.gz");
        assertThat(SafeName.numbered("README", 3)).isEqualTo("README-3");
        assertThat(SafeName.numbered("é".repeat(125) + ".txt", 1234)).isEqualTo("é".repeat(123) + "-1234.txt");
    }

    @Test
    void foldedNames_areEqual_whereFileSystemsDontDistinguishThem() {
        assertThat(SafeName.folded("README.TXT")).isEqualTo(SafeName.folded("readme.txt"));
        assertThat(SafeName.folded("É.txt")).isEqualTo(SafeName.folded("e\u0301.TXT"));
        assertThat(SafeName.folded("a")).isNotEqualTo(SafeName.folded("b"));
    }
}
