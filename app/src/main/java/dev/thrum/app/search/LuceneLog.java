package dev.thrum.app.search;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The log of Lucene, which uses that of the JDK and writes to the standard error. It recommends a module of the JDK that is not
 * finished; that is no news for users.
 */
public final class LuceneLog {
    /** Kept, because the JDK forgets the level of a logger that nobody has. */
    private static final Logger LOGGER = Logger.getLogger("org.apache.lucene");

    private LuceneLog() {}

    /** Lets only errors through. */
    public static void keepErrorsOnly() {
        LOGGER.setLevel(Level.SEVERE);
    }
}
