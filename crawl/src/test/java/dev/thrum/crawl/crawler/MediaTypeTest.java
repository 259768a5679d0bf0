package dev.thrum.crawl.crawler;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypeTest {
    @ParameterizedTest
    @CsvSource(nullValues = "none", delimiter = '|', textBlock = """
                    text/html                    | text/html
                    TEXT/HTML;CHARSET=UTF-8      | text/html
                    ' application/xhtml+xml ; x' | application/xhtml+xml
                    text/html;;=                 | text/html
                    nonsense;;=                  | none
                    /html                        | none
                    ''                           | none
                    """)
    void declared_isTheTypeWithoutParameters(String field, String expected) {
        assertThat(MediaType.declared(field)).isEqualTo(Optional.ofNullable(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    text/html                       | true
                    TEXT/HTML; charset=utf-8        | true
                    application/xhtml+xml           | true
                    ''                              | true
                    nonsense                        | true
                    text/plain                      | true
                    application/octet-stream        | true
                    unknown/unknown                 | true
                    image/png                       | false
                    application/pdf                 | false
                    text/css                        | false
                    application/json                | false
                    application/rss+xml             | false
                    video/mp4                       | false
                    """)
    void mayBePage_saysWhetherTheBodyIsWorthReading(String field, boolean expected) {
        assertThat(MediaType.mayBePage(field)).isEqualTo(expected);
    }

    /** Bodies are in ISO 8859-1, with bytes as {@code \x89}. */
    @ParameterizedTest
    @CsvSource(nullValues = "page", delimiter = '|', textBlock = """
                    text/html                | <!DOCTYPE html><title>x</title> | page
                    text/html                | no markup at all                | page
                    application/xhtml+xml    | <?xml version="1.0"?>           | page
                    text/html                | %PDF-1.7                        | application/pdf
                    text/html                | \\x89PNG\\x0d\\x0a\\x1a\\x0arest     | image/png
                    text/html                | GIF89a                          | image/gif
                    text/html                | PK\\x03\\x04                  | application/zip
                    text/html                | \\x1f\\x8b\\x08             | application/gzip
                    ''                       | <html><body>                    | page
                    ''                       | '  \\x0a <HTML lang="en">'         | page
                    ''                       | \\xef\\xbb\\xbf<!doctype html> | page
                    ''                       | <!-- a comment                  | page
                    ''                       | <a href="x">                    | page
                    ''                       | <article>                       | no type
                    ''                       | some text                       | no type
                    ''                       | <                               | no type
                    text/plain               | # a text with <b>markup</b>     | text/plain
                    text/plain               | <!DOCTYPE html>                 | page
                    application/octet-stream | <!DOCTYPE html>                 | page
                    application/octet-stream | bytes                           | application/octet-stream
                    """)
    void otherThanHtml_isWhatTheBodyIs(String field, String body, String expected) {
        byte[] bytes = Pattern.compile("\\\\x(..)")
                .matcher(body)
                .replaceAll(match ->
                        Matcher.quoteReplacement(String.valueOf((char) HexFormat.fromHexDigits(match.group(1)))))
                .getBytes(ISO_8859_1);

        assertThat(MediaType.otherThanHtml(field, bytes)).isEqualTo(Optional.ofNullable(expected));
    }

    @ParameterizedTest
    @CsvSource({"512, page", "513, other"})
    void otherThanHtml_looksAtTheBeginningOnly(int spaces, String expected) {
        byte[] body = (" ".repeat(spaces - 2) + "<b>").getBytes(ISO_8859_1);

        assertThat(MediaType.otherThanHtml("", body).isEmpty()).isEqualTo(expected.equals("page"));
    }
}
