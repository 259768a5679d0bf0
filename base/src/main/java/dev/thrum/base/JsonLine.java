package dev.thrum.base;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object in one line (RFC 8259). Characters that could end the line or control a terminal are escaped, whoever has sent
 * them.
 *
 * <p>Owned by one thread.
 */
public final class JsonLine {
    private static final HexFormat HEX = HexFormat.of();

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
        int point;
        for (int i = 0; i < value.length(); i += Character.charCount(point)) {
            point = value.codePointAt(i);
            character(point);
        }
        text.append('"');
    }

    private void character(int point) {
        switch (point) {
            case '"', '\\' -> text.append('\\').append((char) point);
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> {
                if (Printable.isSafe(point)) {
                    text.appendCodePoint(point);
                } else {
                    for (char unit : Character.toChars(point)) {
                        text.append("\\u").append(HEX.toHexDigits(unit));
                    }
                }
            }
        }
    }

    /** The object, without a line end. */
    @Override
    public String toString() {
        return text + "}";
    }
}
