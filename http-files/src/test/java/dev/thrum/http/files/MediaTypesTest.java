package dev.thrum.http.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypesTest {
    @ParameterizedTest
    @CsvSource({
        "a.html, text/html; charset=utf-8",
        "a.JS, text/javascript; charset=utf-8",
        "a.mjs, text/javascript; charset=utf-8",
        "a.css, text/css; charset=utf-8",
        "a.txt, text/plain; charset=utf-8",
        "a.md, text/markdown; charset=utf-8",
        "a.vtt, text/vtt; charset=utf-8",
        "a.tar.gz, application/gzip",
        "a.json, application/json",
        "a.js.map, application/json",
        "a.webmanifest, application/manifest+json",
        "a.wasm, application/wasm",
        "a.pdf, application/pdf",
        "a.yaml, application/yaml",
        "a.yml, application/yaml",
        "a.zip, application/zip",
        "a.m3u8, application/vnd.apple.mpegurl",
        "a.mpd, application/dash+xml",
        "a.svg, image/svg+xml",
        "a.jpeg, image/jpeg",
        "a.png, image/png",
        "a.webp, image/webp",
        "a.avif, image/avif",
        "a.heic, image/heic",
        "a.jxl, image/jxl",
        "favicon.ico, image/vnd.microsoft.icon",
        "a.mp3, audio/mpeg",
        "a.opus, audio/ogg",
        "a.weba, audio/webm",
        "a.mp4, video/mp4",
        "a.webm, video/webm",
        "a.woff2, font/woff2",
        "a.glb, model/gltf-binary",
        "a.docx, application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "a.parquet, application/vnd.apache.parquet",
        "a.eml, message/rfc822",
        "a., application/octet-stream",
        "a, application/octet-stream",
        "a.exe, application/octet-stream",
        "html, application/octet-stream",
    })
    void type_dependsOnTheExtensionOfTheName(String name, String type) {
        assertThat(MediaTypes.of(name)).isEqualTo(type);
    }

    @Test
    void lines_areTypesWithTheirExtensions() {
        assertThat(MediaTypes.parse("# a comment\ntext/plain txt log\nimage/svg+xml svg\n"))
                .hasSize(3)
                .containsEntry("txt", "text/plain; charset=utf-8")
                .containsEntry("log", "text/plain; charset=utf-8")
                .containsEntry("svg", "image/svg+xml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " # no comment",
                "text/plain",
                "text/plain ",
                "text/plain  txt",
                " text/plain txt",
                "text/plain txt ",
                "text/plain\ttxt",
                "textplain txt",
                "text/ txt",
                "/plain txt",
                "a/b/c txt",
                "Text/plain txt",
                "text/plain; charset=utf-8",
                "text/plain TXT",
                "text/plain .txt",
                "text/plain tar.gz",
                "text/csv a",
            })
    void malformedLine_isNamed(String line) {
        assertThatIllegalStateException()
                .isThrownBy(() -> MediaTypes.parse("text/html a\n" + line + "\ntext/css b\n"))
                .withMessageContainingAll("line 2 of media-types.txt", "\"" + line + "\"");
    }
}
