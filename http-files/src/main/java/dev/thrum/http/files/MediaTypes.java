package dev.thrum.http.files;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What a file holds, told by the end of its name (the IANA registry of media types). */
final class MediaTypes {
    private static final String UNKNOWN = "application/octet-stream";

    /** Type and the endings that say so; text is taken for UTF-8. */
    private static final String TABLE = """
            text/html html htm
            text/css css
            text/javascript js mjs cjs
            text/plain txt text log conf ini cfg properties sh bat java c h cc cpp hpp py rb go rs kt sql gradle toml diff patch
            text/markdown md markdown
            text/csv csv
            text/tab-separated-values tsv
            text/xml xml xsl xsd
            text/calendar ics
            text/vcard vcf
            text/vtt vtt
            text/yaml yaml yml
            application/json json map
            application/ld+json jsonld
            application/geo+json geojson
            application/manifest+json webmanifest
            application/xhtml+xml xhtml
            application/rss+xml rss
            application/atom+xml atom
            application/pdf pdf
            application/rtf rtf
            application/wasm wasm
            application/gzip gz tgz
            application/zip zip
            application/zstd zst
            application/x-bzip2 bz2
            application/x-xz xz
            application/x-7z-compressed 7z
            application/x-tar tar
            application/vnd.rar rar
            application/java-archive jar war
            application/epub+zip epub
            application/vnd.sqlite3 sqlite sqlite3
            application/msword doc
            application/vnd.ms-excel xls
            application/vnd.ms-powerpoint ppt
            application/vnd.openxmlformats-officedocument.wordprocessingml.document docx
            application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx
            application/vnd.openxmlformats-officedocument.presentationml.presentation pptx
            application/vnd.oasis.opendocument.text odt
            application/vnd.oasis.opendocument.spreadsheet ods
            application/vnd.oasis.opendocument.presentation odp
            application/vnd.debian.binary-package deb
            image/png png
            image/jpeg jpg jpeg
            image/gif gif
            image/webp webp
            image/avif avif
            image/apng apng
            image/bmp bmp
            image/tiff tif tiff
            image/svg+xml svg
            image/vnd.microsoft.icon ico
            audio/mpeg mp3
            audio/mp4 m4a
            audio/ogg ogg oga opus
            audio/flac flac
            audio/wav wav
            audio/aac aac
            video/mp4 mp4 m4v
            video/webm webm
            video/ogg ogv
            video/quicktime mov
            video/x-matroska mkv
            video/mp2t ts
            font/woff woff
            font/woff2 woff2
            font/ttf ttf
            font/otf otf
            """;

    private static final Map<String, String> BY_ENDING = byEnding();

    private MediaTypes() {}

    private static Map<String, String> byEnding() {
        Map<String, String> types = new HashMap<>();
        TABLE.lines().forEach(line -> {
            String[] parts = line.split(" ", -1);
            for (int i = 1; i < parts.length; i++) {
                types.put(parts[i], withCharset(parts[0]));
            }
        });
        return Map.copyOf(types);
    }

    /** JSON is UTF-8 anyway (RFC 8259, 8.1), and XML says itself what it is. */
    private static String withCharset(String type) {
        return type.startsWith("text/") ? type + "; charset=utf-8" : type;
    }

    /** The value of {@code Content-Type} for a file of this name. */
    static String of(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0
                ? UNKNOWN
                : BY_ENDING.getOrDefault(name.substring(dot + 1).toLowerCase(Locale.ROOT), UNKNOWN);
    }
}
