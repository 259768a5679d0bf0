package dev.thrum.simulation.explore;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** Traces of exceptions as text. */
final class Traces {
    private Traces() {}

    static String of(@Nullable Throwable failure) {
        if (failure == null) {
            return "";
        }
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return StableText.of(text.toString());
    }
}
