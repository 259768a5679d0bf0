package dev.thrum.crawl.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases follow the steps of the algorithm in HTML, 13.2.3.2. */
final class MetaPrescanTest {
    private static Optional<String> find(String page) {
        return MetaPrescan.find(page.getBytes(ISO_8859_1)).map(Encoding::name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<meta charset=koi8-r>",
                "<META CHARSET='KOI8-R'>",
                "<meta/charset=koi8-r>",
                "<meta\fcharset\n=\t\" koi8-r \"/>",
                "<meta name=x charset=koi8-r charset=utf-8>",
                "<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>",
                "<meta content='text/html; charset=koi8-r' http-equiv=\"content-type\">",
                "<meta http-equiv=content-type content=\"charset charset = 'koi8-r' x\">",
                "<meta http-equiv=content-type content=\"charset=koi8-r;x\">",
                // The attribute charset is stronger, whichever comes first.
                "<meta http-equiv=content-type content='charset=utf-8' charset=koi8-r>",
                "<meta charset=koi8-r http-equiv=content-type content='charset=utf-8'>",
                "<!-- <meta charset=utf-8> --><meta charset=koi8-r>",
                "<!--><meta charset=koi8-r>",
                "<!---><meta charset=koi8-r>",
                "<!doctype html x='<meta charset=utf-8'><meta charset=koi8-r>",
                "</ <meta charset=utf-8><meta charset=koi8-r>",
                "<?xml <meta charset=utf-8?><meta charset=koi8-r>",
                "<a title='<meta charset=utf-8>'><meta charset=koi8-r>",
                "</a title='<meta charset=utf-8>'><meta charset=koi8-r>",
                "<1><meta charset=koi8-r>",
                "< meta charset=utf-8><meta charset=koi8-r>",
                "<metal charset=utf-8><meta charset=koi8-r>",
                "<meta charset=nonsense><meta charset=koi8-r>",
                "<meta name=x content='charset=utf-8'><meta charset=koi8-r>",
                "<meta =charset=utf-8><meta charset=koi8-r>",
                "<meta><meta charset=koi8-r>",
                "<title><meta charset=koi8-r></title>",
            })
    void page_thatDeclaresAnEncoding_hasIt(String page) {
        assertThat(find(page)).hasValue("KOI8-R");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<",
                "<meta",
                "<meta ",
                "<meta charset",
                "<meta charset=koi8-r",
                "<meta charset='koi8-r",
                "<meta charset='koi8-r'",
                "<meta charset=>",
                "<meta charset>",
                "<!-- <meta charset=koi8-r>",
                "<a title='<meta charset=koi8-r>",
                "<meta content='text/html; charset=koi8-r'>",
                "<meta http-equiv=refresh content='charset=koi8-r'>",
                "<meta http-equiv=content-type content='charset koi8-r'>",
                "<meta http-equiv=content-type content='charset=\"koi8-r'>",
                "<meta http-equiv=content-type content='charset='>",
                "<meta http-equiv=content-type content='text/html'>",
                "<metacharset=koi8-r>",
                "meta charset=koi8-r",
            })
    void page_thatDeclaresNone_hasNone(String page) {
        assertThat(find(page)).isEmpty();
    }

    @Test
    void declaration_ofUtf16_canOnlyBeUtf8() {
        assertThat(find("<meta charset=utf-16le>")).hasValue("UTF-8");
        assertThat(find("<meta charset=unicodefffe>")).hasValue("UTF-8");
        assertThat(find("<meta charset=x-user-defined>")).hasValue("windows-1252");
    }

    @Test
    void declaration_beyondTheFirst1024Bytes_isNotFound() {
        String meta = "<meta charset=koi8-r>";
        assertThat(find(" ".repeat(1024 - meta.length()) + meta)).hasValue("KOI8-R");
        assertThat(find(" ".repeat(1025 - meta.length()) + meta)).isEmpty();
    }
}
