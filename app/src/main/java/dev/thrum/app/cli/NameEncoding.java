package dev.thrum.app.cli;

import java.lang.System.Logger.Level;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The encoding of arguments and file names. The JVM takes it from the locale when it starts, so the launcher sets a UTF-8
 * locale before that. This class detects when there was no launcher, or no such locale.
 */
public final class NameEncoding {
    private static final System.Logger LOG = System.getLogger("dev.thrum.serve");

    /** Replaces bytes that could not be decoded (Unicode's replacement character). */
    private static final char REPLACEMENT = '\uFFFD';

    private NameEncoding() {}

    /** Whether this argument, or value of a variable, could not be decoded. */
    static boolean isUnreadable(String text) {
        return text.indexOf(REPLACEMENT) >= 0;
    }

    /** The message for an argument or a variable that could not be decoded. */
    static String unreadable(String text) {
        return "expected arguments and variables in UTF-8 but \"" + text
                + "\" has characters that could not be read: set LC_ALL=C.UTF-8 if they are right";
    }

    /** Logs a warning if file names are not in UTF-8. */
    public static void warnUnlessUtf8() {
        String encoding = System.getProperty("sun.jnu.encoding", "");
        if (!isUtf8(encoding)) {
            LOG.log(
                    Level.WARNING,
                    "expected file names to be in UTF-8 but in this locale they are in " + encoding
                            + ", so files with other names are not found: start it with LC_ALL=C.UTF-8");
        }
    }

    private static boolean isUtf8(String encoding) {
        return Charset.isSupported(encoding) && Charset.forName(encoding).equals(StandardCharsets.UTF_8);
    }
}
