package dev.thrum.crawl.crawler;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.crawl.text.Ascii;
import dev.thrum.crawl.text.ContentType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The type of a body: as declared, and by its first bytes (like the MIME Sniffing Standard, for what matters to a crawl). */
final class MediaType {
    /** How many bytes decide. */
    static final int BEGINNING = 512;

    private static final List<Magic> MAGIC = List.of(
            new Magic("%PDF-", "application/pdf"),
            new Magic("\u0089PNG\r\n\u001a\n", "image/png"),
            new Magic("\u00ff\u00d8\u00ff", "image/jpeg"),
            new Magic("GIF87a", "image/gif"),
            new Magic("GIF89a", "image/gif"),
            new Magic("RIFF", "application/octet-stream"),
            new Magic("PK\u0003\u0004", "application/zip"),
            new Magic("\u001f\u008b\u0008", "application/gzip"),
            new Magic("\u007fELF", "application/octet-stream"),
            new Magic("OggS", "application/ogg"),
            new Magic("ID3", "audio/mpeg"),
            new Magic("wOFF", "font/woff"),
            new Magic("wOF2", "font/woff2"),
            new Magic("\u0000\u0000\u0001\u0000", "image/x-icon"),
            new Magic("BZh", "application/x-bzip2"),
            new Magic("7z\u00bc\u00af", "application/x-7z-compressed"),
            new Magic("MZ", "application/octet-stream"));

    private static final List<String> MARKUP = List.of(
            "<!doctype html",
            "<html",
            "<head",
            "<body",
            "<script",
            "<title",
            "<meta",
            "<link",
            "<style",
            "<div",
            "<table",
            "<a",
            "<p",
            "<h1",
            "<br",
            "<font",
            "<iframe",
            "<b",
            "<!--");

    private MediaType() {}

    private record Magic(String beginning, String type) {}

    /** The media type in a field {@code Content-Type}, in lower case and without parameters; empty if it has none. */
    static Optional<String> declared(String field) {
        int end = field.indexOf(';');
        String type = Ascii.lower(Ascii.strip(end < 0 ? field : field.substring(0, end)));
        return type.indexOf('/') > 0 ? Optional.of(type) : Optional.empty();
    }

    /** Whether a body with this declaration may be HTML: it is declared as that, or as nothing. */
    static boolean mayBePage(String field) {
        return declared(field).filter(type -> !isHtml(type) && !isUnsaid(type)).isEmpty();
    }

    /**
     * What a body is that is no HTML; empty if it is. A type that says something is believed, except that of HTML: much is declared as that without
     * being it.
     */
    static Optional<String> otherThanHtml(String field, byte[] body) {
        if (!mayBePage(field)) {
            return declared(field);
        }
        if (body.length == 0) {
            return Optional.empty();
        }
        String beginning = new String(body, 0, Math.min(body.length, BEGINNING), ISO_8859_1);
        for (Magic magic : MAGIC) {
            if (beginning.startsWith(magic.beginning())) {
                return Optional.of(magic.type());
            }
        }
        Optional<String> declared = declared(field);
        if (declared.isPresent() && isHtml(declared.get())) {
            return Optional.empty();
        }
        return looksLikeMarkup(beginning) ? Optional.empty() : Optional.of(declared.orElse("no type"));
    }

    static boolean isHtml(String type) {
        return type.equals("text/html") || type.equals("application/xhtml+xml");
    }

    /** Types that servers give to what they know nothing about. */
    private static boolean isUnsaid(String type) {
        return switch (type) {
            case "text/plain", "application/octet-stream", "application/unknown", "unknown/unknown", "*/*" -> true;
            default -> ContentType.kind(type) == ContentType.Kind.HTML && !type.startsWith("text/");
        };
    }

    private static boolean looksLikeMarkup(String beginning) {
        String text = beginning.startsWith("\u00ef\u00bb\u00bf") ? beginning.substring(3) : beginning;
        String start = Ascii.strip(text).toLowerCase(Locale.ROOT);
        return MARKUP.stream().anyMatch(mark -> startsWithTag(start, mark));
    }

    private static boolean startsWithTag(String text, String mark) {
        if (!text.startsWith(mark)) {
            return false;
        }
        if (mark.equals("<!--") || text.length() == mark.length()) {
            return true;
        }
        char next = text.charAt(mark.length());
        return Ascii.isSpace(next) || next == '>' || next == '/';
    }
}
