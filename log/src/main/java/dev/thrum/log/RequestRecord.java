package dev.thrum.log;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the log says of one request.
 *
 * @param time when it began, in milliseconds since the epoch
 * @param id what tells it from others; of characters that need no escaping
 * @param asked null if it could not be understood
 * @param bytes how long the body of the answer was, as far as it was sent
 * @param nanos from its first byte until it was answered
 */
public record RequestRecord(
        long time, String id, InetAddress client, @Nullable Asked asked, int status, long bytes, long nanos) {
    /**
     * What was asked for, as the client sent it, one character for each byte. What is longer than anything honest is cut.
     *
     * @param query without the question mark; null if there was none
     * @param referer null if none was sent
     * @param agent null if none was sent
     */
    public record Asked(
            String method,
            String path,
            @Nullable String query,
            boolean http11,
            @Nullable String referer,
            @Nullable String agent) {
        static final int LONGEST_METHOD = 64;
        static final int LONGEST_PART = 2_048;
        static final int LONGEST_REFERER = 1_024;
        static final int LONGEST_AGENT = 512;

        private static final String CUT = "...";

        public Asked {
            method = method.length() <= LONGEST_METHOD ? method : cut(method, LONGEST_METHOD);
            path = path.length() <= LONGEST_PART ? path : cut(path, LONGEST_PART);
            query = query == null || query.length() <= LONGEST_PART ? query : cut(query, LONGEST_PART);
            referer = referer == null || referer.length() <= LONGEST_REFERER ? referer : cut(referer, LONGEST_REFERER);
            agent = agent == null || agent.length() <= LONGEST_AGENT ? agent : cut(agent, LONGEST_AGENT);
        }

        /** The first ones, the last of them dots, to show that it was cut. */
        private static String cut(String text, int longest) {
            return text.substring(0, longest - CUT.length()) + CUT;
        }
    }
}
