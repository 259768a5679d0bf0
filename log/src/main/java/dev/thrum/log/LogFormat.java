package dev.thrum.log;

import java.time.ZoneId;
import java.util.Locale;

/** The format of records in a file, one line for each. */
public enum LogFormat {
    /**
     * The Common Log Format, followed by referer and user agent; also called the Combined Log Format. The second field,
     * originally the name of the user on the client's machine, is the id of the request.
     */
    COMMON,

    /** A JSON object, in ASCII. */
    JSON;

    /** The name used in flags. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A writer of such lines; the zone is for formats that have local times. */
    LineWriter writer(ZoneId zone) {
        return switch (this) {
            case COMMON -> new CommonLines(zone);
            case JSON -> new JsonLines();
        };
    }
}
