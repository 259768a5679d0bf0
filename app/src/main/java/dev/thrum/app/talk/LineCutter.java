package dev.thrum.app.talk;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Splits a stream of bytes into lines of UTF-8 text; a line of more than {@link #LONGEST} bytes is emitted in pieces.
 */
public final class LineCutter {
    static final int LONGEST = 1024 * 1024;

    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    public LineCutter(Consumer<String> lines) {
        this.lines = lines;
    }

    public void add(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                emit();
            } else {
                line.write(bytes[i]);
                if (line.size() >= LONGEST) {
                    emit();
                }
            }
        }
    }

    /** Emits the rest, which did not end with a line feed, as a line. */
    public void end() {
        if (line.size() > 0) {
            emit();
        }
    }

    private void emit() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        lines.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }
}
