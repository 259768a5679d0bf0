package dev.thrum.crawl.fetch;

import dev.thrum.base.DurationText;
import dev.thrum.base.IoWords;
import dev.thrum.base.Printable;
import dev.thrum.crawl.fetch.FetchResult.Failed;
import dev.thrum.engine.AddressRefusedException;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.RedirectException;
import dev.thrum.http.client.ResponseException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** What failures mean: whether another attempt makes sense, and when. */
public final class Failures {
    /** Statuses that may be different the next time. */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

    private Failures() {}

    /** A failure that another attempt may not have. */
    static Failed passing(String reason) {
        return new Failed(Printable.of(reason), true, null, false, 0);
    }

    /** A failure that every attempt would have. */
    static Failed lasting(String reason) {
        return new Failed(Printable.of(reason), false, null, false, 0);
    }

    /** The time for all attempts is over. */
    static Failed late() {
        return lasting("expected the file within the maximum time but it is over: allow more");
    }

    public static Failed of(IOException e) {
        String reason = IoWords.of(e);
        boolean lasting = switch (e) {
            case DiskException _, LastingException _, AddressRefusedException _, RedirectException _ -> true;
            case SSLHandshakeException _, SSLPeerUnverifiedException _ -> true;
            case ResponseException response ->
                response.kind() == ResponseException.Kind.MALFORMED
                        || response.kind() == ResponseException.Kind.TOO_LARGE;
            default -> false;
        };
        return lasting ? lasting(reason) : passing(reason);
    }

    /** A response whose status is a failure. */
    static Failed of(ClientResponse response, Instant now, Duration maxWait) {
        int status = response.status();
        String reason = "expected the status 200 but was " + status;
        if (!PASSING.contains(status)) {
            return new Failed(reason, false, null, false, status);
        }
        Optional<Duration> wait = RetryAfter.of(response.headers(), now);
        if (wait.isPresent() && wait.get().compareTo(maxWait) > 0) {
            return new Failed(
                    reason + ", and the server wants no request for " + DurationText.of(wait.get())
                            + ", which is more than " + DurationText.of(maxWait)
                            + ": try later, or allow a longer wait",
                    false,
                    wait.get(),
                    true,
                    status);
        }
        return new Failed(reason, true, wait.orElse(null), wait.isPresent(), status);
    }
}
