package dev.thrum.log;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A record of one request.
 *
 * @param time when the request began, in milliseconds since the epoch
 * @param id identifies the request; has only characters that need no escaping
 * @param head null if it could not be parsed
 * @param bytes the length of the response's body, as far as it was sent
 * @param nanos nanoseconds from the first byte of the request until the response was written
 */
public record RequestRecord(
        long time, String id, InetAddress client, @Nullable Head head, int status, long bytes, long nanos) {
    /**
     * The logged parts of the request's head, as the client sent them, one character for each byte. Values that are longer
     * than any legitimate one are cut.
     *
     * @param query without the question mark; null if there was none
     * @param referer null if none was sent
     * @param agent null if none was sent
     * @param secure whether the client's connection is encrypted, to this server or to a proxy
     * @param tls the TLS version of the connection to this server, such as {@code TLSv1.3}; null if it is not encrypted
     */
    public record Head(
            String method,
            String path,
            @Nullable String query,
            boolean http11,
            @Nullable String referer,
            @Nullable String agent,
            boolean secure,
            @Nullable String tls) {
        static final int LONGEST_METHOD = 64;
        static final int LONGEST_PART = 2_048;
        static final int LONGEST_REFERER = 1_024;
        static final int LONGEST_AGENT = 512;

        private static final String CUT = "...";

        public Head {
            method = method.length() <= LONGEST_METHOD ? method : cut(method, LONGEST_METHOD);
            path = path.length() <= LONGEST_PART ? path : cut(path, LONGEST_PART);
            query = query == null || query.length() <= LONGEST_PART ? query : cut(query, LONGEST_PART);
            referer = referer == null || referer.length() <= LONGEST_REFERER ? referer : cut(referer, LONGEST_REFERER);
            agent = agent == null || agent.length() <= LONGEST_AGENT ? agent : cut(agent, LONGEST_AGENT);
        }

        /** The first characters; the last three are dots, to show that it was cut. */
        private static String cut(String text, int longest) {
            return text.substring(0, longest - CUT.length()) + CUT;
        }
    }
}
