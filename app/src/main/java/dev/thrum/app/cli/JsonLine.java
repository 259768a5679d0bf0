package dev.thrum.app.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object in one line (RFC 8259). Characters that could end the line or control a terminal are escaped, whoever has sent
 * them.
 *
 * <p>Owned by one thread.
 */
public final class JsonLine {
    private final StringBuilder text = new StringBuilder("{");

    /** Adds a member with a text; null is JSON's {@code null}. */
    public JsonLine with(String name, @Nullable String value) {
        name(name);
        if (value == null) {
            text.append("null");
        } else {
            string(value);
        }
        return this;
    }

    public JsonLine with(String name, long value) {
        name(name);
        text.append(value);
        return this;
    }

    public JsonLine with(String name, boolean value) {
        name(name);
        text.append(value);
        return this;
    }

    private void name(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        string(name);
        text.append(':');
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            character(value, i);
        }
        text.append('"');
    }

    private void character(String value, int index) {
        char c = value.charAt(index);
        if (c == '"' || c == '\\') {
            text.append('\\').append(c);
        } else if (isPlain(value, index)) {
            text.append(c);
        } else {
            text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        }
    }

    private static boolean isPlain(String value, int index) {
        char c = value.charAt(index);
        if (c < 0x7F) {
            return c >= ' ';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SURROGATE -> isPaired(value, index);
            default -> true;
        };
    }

    /** Whether this surrogate is half of a character: UTF-8 has no form for others. */
    private static boolean isPaired(String value, int index) {
        char c = value.charAt(index);
        return Character.isHighSurrogate(c)
                ? index + 1 < value.length() && Character.isLowSurrogate(value.charAt(index + 1))
                : index > 0 && Character.isHighSurrogate(value.charAt(index - 1));
    }

    /** The object, without a line end. */
    @Override
    public String toString() {
        return text + "}";
    }
}
