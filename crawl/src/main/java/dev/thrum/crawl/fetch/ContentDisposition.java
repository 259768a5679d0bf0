package dev.thrum.crawl.fetch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The names that a field {@code Content-Disposition} proposes (RFC 6266 and 8187), read as browsers read it: with a semicolon at the end,
 * missing quotation marks, and bytes outside of ASCII, which are UTF-8 or else ISO 8859-1.
 */
final class ContentDisposition {
    private static final Map<String, Charset> CHARSETS =
            Map.of("utf-8", UTF_8, "utf8", UTF_8, "iso-8859-1", ISO_8859_1, "us-ascii", US_ASCII);

    private final String text;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private int at;

    private ContentDisposition(String text) {
        this.text = text;
    }

    /** The proposed name, which may be harmful; {@code filename*} is preferred. Empty if there is none. */
    static Optional<String> filename(String value) {
        ContentDisposition parsed = new ContentDisposition(value);
        parsed.parse();
        Optional<String> extended =
                Optional.ofNullable(parsed.parameters.get("filename*")).flatMap(ContentDisposition::extended);
        return extended.or(
                () -> Optional.ofNullable(parsed.parameters.get("filename")).map(ContentDisposition::text));
    }

    private void parse() {
        while (at < text.length()) {
            String name = until("=;\"").strip().toLowerCase(Locale.ROOT);
            if (at < text.length() && text.charAt(at) == '=') {
                at++;
                // Of two with the same name the first counts.
                parameters.putIfAbsent(name, value());
            }
            // Whatever follows up to the next semicolon has no meaning, and so has the type at the beginning.
            String _ = until(";");
            at++;
        }
    }

    private String until(String ends) {
        int start = at;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private String value() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        if (at == text.length() || text.charAt(at) != '"') {
            return until(";").strip();
        }
        at++;
        StringBuilder quoted = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            // Only these two are escapes for sure; other backslashes are separators of a Windows path.
            boolean escape = text.startsWith("\\\"", at) || text.startsWith("\\\\", at);
            at += escape ? 1 : 0;
            quoted.append(text.charAt(at));
            at++;
        }
        at = Math.min(text.length(), at + 1);
        return quoted.toString();
    }

    /** A value as RFC 8187, 3.2.1 has it: {@code UTF-8''na%C3%AFve}. */
    private static Optional<String> extended(String value) {
        int first = value.indexOf('\'');
        int second = value.indexOf('\'', first + 1);
        if (first < 0 || second < 0) {
            return Optional.empty();
        }
        Charset charset = CHARSETS.get(value.substring(0, first).strip().toLowerCase(Locale.ROOT));
        return charset == null ? Optional.empty() : decoded(percentDecoded(value.substring(second + 1)), charset);
    }

    /** The bytes of a percent-encoded text; a percent sign that begins no encoded byte stands for itself. */
    static byte[] percentDecoded(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            boolean encoded = text.charAt(i) == '%'
                    && i + 2 < text.length()
                    && HexFormat.isHexDigit(text.charAt(i + 1))
                    && HexFormat.isHexDigit(text.charAt(i + 2));
            if (encoded) {
                bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(text.charAt(i) > 0xff ? '?' : text.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    /** Bytes of a field or a URL as text: UTF-8, or else ISO 8859-1. */
    static String text(byte[] bytes) {
        return decoded(bytes, UTF_8).orElseGet(() -> new String(bytes, ISO_8859_1));
    }

    private static String text(String value) {
        return text(value.getBytes(ISO_8859_1));
    }

    private static Optional<String> decoded(byte[] bytes, Charset charset) {
        try {
            return Optional.of(
                    charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
