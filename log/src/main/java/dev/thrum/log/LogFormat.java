package dev.thrum.log;

import java.time.ZoneId;
import java.util.Locale;

/** How a record looks in a file: a line each. */
public enum LogFormat {
    /**
     * The Common Log Format with referer and user agent behind it, which is known as the Combined one. The second field,
     * where the name of the user at the client's machine once stood, is the id of the request.
     */
    COMMON,

    /** A JSON object, in ASCII. */
    JSON;

    /** Its name as in a flag. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What writes such lines, with times of this zone where the format has local times. */
    LineWriter writer(ZoneId zone) {
        return switch (this) {
            case COMMON -> new CommonLines(zone);
            case JSON -> new JsonLines();
        };
    }
}
