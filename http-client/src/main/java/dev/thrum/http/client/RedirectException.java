package dev.thrum.http.client;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** A redirect that must not or can't be followed. The message lists the URLs before it, without user information. */
public final class RedirectException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient List<Redirects.Hop> hops;

    RedirectException(String message, List<Redirects.Hop> hops) {
        super(hops.isEmpty() ? message : message + "; the redirects: " + shown(hops));
        this.hops = List.copyOf(hops);
    }

    private static String shown(List<Redirects.Hop> hops) {
        return hops.stream().map(Redirects.Hop::toString).collect(Collectors.joining(", "));
    }

    /** The requests so far, in their order. */
    public List<Redirects.Hop> hops() {
        return hops;
    }
}
