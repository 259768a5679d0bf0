package dev.thrum.app.cli;

import java.lang.System.Logger.Level;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * How arguments and the names of files become text. The JVM takes that from the locale when it starts and keeps it, so the
 * launcher sets a fit locale before; here is what is left to say when there was no launcher, or no such locale.
 */
public final class NameEncoding {
    private static final System.Logger LOG = System.getLogger("dev.thrum.serve");

    /** What stands for bytes that were no text (Unicode's replacement character). */
    private static final char REPLACED = '\uFFFD';

    private NameEncoding() {}

    /** Whether this argument, or the value of a variable, was not text. */
    static boolean isUnreadable(String text) {
        return text.indexOf(REPLACED) >= 0;
    }

    /** What is said about it. */
    static String unreadable(String text) {
        return "expected arguments and variables in UTF-8 but \"" + text
                + "\" has characters that could not be read: set LC_ALL=C.UTF-8 if they are right";
    }

    public static void warnUnlessUtf8() {
        String encoding = System.getProperty("sun.jnu.encoding", "");
        if (!isUtf8(encoding)) {
            LOG.log(
                    Level.WARNING,
                    "expected names of files to be UTF-8 but by the locale they are " + encoding
                            + ", so files with other names are not found: start it with LC_ALL=C.UTF-8");
        }
    }

    private static boolean isUtf8(String encoding) {
        return Charset.isSupported(encoding) && Charset.forName(encoding).equals(StandardCharsets.UTF_8);
    }
}
