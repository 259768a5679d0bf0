package dev.thrum.crawl.fetch;

import dev.thrum.http.Headers;
import dev.thrum.http.syntax.HttpDate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What identifies a version of a file (RFC 9110, 8.8).
 *
 * @param etag as received, with its quotation marks; empty if there is none
 * @param lastModified as received; empty if there is none
 * @param dateIsStrong whether the date identifies the version to the byte
 */
record Validators(String etag, String lastModified, boolean dateIsStrong) {
    static final Validators NONE = new Validators("", "", false);

    /** A file that was changed this long before the response has not been changed twice in the second of its date. */
    private static final Duration SETTLED = Duration.ofSeconds(60);

    /** The validators of a response. */
    static Validators of(Headers headers, Instant now) {
        String etag = headers.first("ETag").filter(Validators::isEtag).orElse("");
        String modified = headers.first("Last-Modified").orElse("");
        if (!etag.isEmpty() || modified.isEmpty()) {
            // Parsing dates costs more than everything else here, and next to an entity tag they don't count.
            return new Validators(etag, modified, false);
        }
        Optional<Instant> changed = HttpDate.parse(modified, now);
        Optional<Instant> sent = headers.first("Date").flatMap(date -> HttpDate.parse(date, now));
        boolean strong = changed.isPresent()
                && sent.isPresent()
                && Duration.between(changed.get(), sent.get()).compareTo(SETTLED) >= 0;
        return new Validators("", changed.isPresent() ? modified : "", strong);
    }

    private static boolean isEtag(String value) {
        String opaque = value.startsWith("W/") ? value.substring(2) : value;
        return opaque.length() >= 2
                && opaque.startsWith("\"")
                && opaque.endsWith("\"")
                && opaque.indexOf('"', 1) == opaque.length() - 1;
    }

    /**
     * The value of {@code If-Range}; empty if there is no strong validator, so that a part must not be resumed. A date counts only if there
     * is no entity tag at all (RFC 9110, 13.1.5).
     */
    Optional<String> ifRange() {
        if (!etag.isEmpty()) {
            return etag.startsWith("W/") ? Optional.empty() : Optional.of(etag);
        }
        return dateIsStrong ? Optional.of(lastModified) : Optional.empty();
    }

    /**
     * Whether a response with the others is certainly of the version that these strong ones identify. A server that has ignored {@code
     * If-Range} is found out by that, so the validator must be there again.
     */
    boolean identify(Validators response) {
        return ifRange().isPresent()
                && (etag.isEmpty() ? lastModified.equals(response.lastModified) : etag.equals(response.etag));
    }

    /** Whether a response with these validators has nothing new, by the weak comparison (RFC 9110, 8.8.3.2). */
    boolean match(Validators other) {
        return etag.isEmpty()
                ? !lastModified.isEmpty() && lastModified.equals(other.lastModified)
                : opaque(etag).equals(opaque(other.etag));
    }

    private static String opaque(String etag) {
        return etag.startsWith("W/") ? etag.substring(2) : etag;
    }

    boolean isEmpty() {
        return etag.isEmpty() && lastModified.isEmpty();
    }
}
