package dev.thrum.http.client;

import dev.thrum.http.Headers;
import java.util.List;
import java.util.Optional;

/**
 * The compression of a body (RFC 9110, 8.4).
 *
 * @param gzipped whether the client decodes it
 * @param left the codings that the body still has when it is read; empty for none
 */
record ContentCoding(boolean gzipped, Optional<String> left) {
    private static final ContentCoding NONE = new ContentCoding(false, Optional.empty());

    static ContentCoding of(Headers headers, boolean decodes) {
        if (!headers.contains("Content-Encoding")) {
            return NONE;
        }
        List<String> codings = headers.elements("Content-Encoding").stream()
                .filter(coding -> !coding.equalsIgnoreCase("identity"))
                .toList();
        boolean gzip = codings.size() == 1
                && (codings.getFirst().equalsIgnoreCase("gzip")
                        || codings.getFirst().equalsIgnoreCase("x-gzip"));
        if (codings.isEmpty() || (gzip && decodes)) {
            return new ContentCoding(gzip && decodes, Optional.empty());
        }
        return new ContentCoding(false, Optional.of(String.join(", ", codings)));
    }
}
