package dev.thrum.http.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The media types of files by their file name extensions, as the resource {@code media-types.txt} lists them. */
final class MediaTypes {
    private static final String UNKNOWN = "application/octet-stream";
    private static final String RESOURCE = "media-types.txt";

    /** A type and a subtype (RFC 6838, 4.2), in lower case. */
    private static final Pattern TYPE = Pattern.compile("[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*");

    private static final Pattern ENDING = Pattern.compile("[a-z0-9]+");
    private static final Map<String, String> BY_ENDING = parse(resource());

    private MediaTypes() {}

    /**
     * Parses lines of a type and its extensions, separated by single blanks, to a map of types by extension. Lines that
     * begin with {@code #} are comments.
     *
     * @throws IllegalStateException with the number of a line that is malformed, or repeats an extension
     */
    static Map<String, String> parse(String text) {
        Map<String, String> types = new HashMap<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!line.startsWith("#")) {
                add(line, number, types);
            }
        }
        return Map.copyOf(types);
    }

    private static void add(String line, int number, Map<String, String> types) {
        String[] parts = line.split(" ", -1);
        if (parts.length < 2 || !TYPE.matcher(parts[0]).matches()) {
            throw malformed(number, "a media type and its endings, with one blank between two,", line);
        }
        for (int i = 1; i < parts.length; i++) {
            if (!ENDING.matcher(parts[i]).matches()) {
                throw malformed(number, "endings of lower-case letters and digits", line);
            }
            if (types.put(parts[i], withCharset(parts[0])) != null) {
                throw malformed(number, "the ending " + parts[i] + " once", line);
            }
        }
    }

    private static IllegalStateException malformed(int number, String expected, String line) {
        return new IllegalStateException(
                "line " + number + " of " + RESOURCE + ": expected " + expected + " but was \"" + line + "\"");
    }

    private static String resource() {
        try (InputStream in = MediaTypes.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("expected the resource " + RESOURCE + " next to " + MediaTypes.class);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** JSON is always UTF-8 (RFC 8259, 8.1), and XML declares its charset itself. */
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
