package dev.thrum.crawl.url;

import dev.thrum.http.client.url.Url;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which URLs belong to a crawl: those on its hosts, near enough to a seed, that its regular expressions admit.
 * Thread-safe. Only {@link #adopt} changes it.
 */
public final class Scope {
    /** The depth of a crawl without a limit. */
    public static final int ANY_DEPTH = Integer.MAX_VALUE;

    private final List<HostPattern> hosts;
    private final List<UrlPattern> includes;
    private final List<UrlPattern> excludes;
    private final int maxDepth;

    /** Hosts with ports that belong to the crawl besides those that match a pattern. A concurrent set. */
    private final Set<String> authorities = ConcurrentHashMap.newKeySet();

    /**
     * A scope as a user describes it.
     *
     * @param seeds where the crawl begins: with their ports, its hosts if the next list is empty
     * @param hosts {@code example.org} for a host with any port, {@code example.org:8080}, or {@code *.example.org} for
     *     all names below it. The seeds' hosts don't belong to the crawl then unless they are among them
     * @param includes regular expressions, one of which must be found in a URL; none for all URLs
     * @param excludes regular expressions, none of which must be found in a URL
     * @param maxDepth how many links away from a seed a URL may be; {@link #ANY_DEPTH} for no limit
     * @throws IllegalArgumentException if one of these is malformed; the message says what is expected
     */
    public Scope(
            Collection<Url> seeds, List<String> hosts, List<String> includes, List<String> excludes, int maxDepth) {
        if (maxDepth < 0) {
            throw new IllegalArgumentException("expected a depth of at least 0 but was " + maxDepth);
        }
        this.hosts = hosts.stream().map(HostPattern::parse).toList();
        this.includes = includes.stream().map(UrlPattern::compile).toList();
        this.excludes = excludes.stream().map(UrlPattern::compile).toList();
        this.maxDepth = maxDepth;
        if (hosts.isEmpty()) {
            seeds.forEach(seed -> authorities.add(authority(seed)));
        }
    }

    private static String authority(Url url) {
        return url.host() + ":" + url.port();
    }

    /**
     * Why a URL does not belong to the crawl; empty if it does. The regular expressions see the URL without user
     * information and fragment.
     *
     * @param depth how many links away from a seed it is; 0 for a seed
     */
    public Optional<Skip> check(Url url, int depth) {
        if (!hasHostOf(url)) {
            return skip(Skip.Reason.SCOPE, url.hostAndPort() + " is no host of this crawl");
        }
        if (depth > maxDepth) {
            return skip(Skip.Reason.DEPTH, depth + " links from a seed, at most " + maxDepth);
        }
        if (includes.isEmpty() && excludes.isEmpty()) {
            return Optional.empty();
        }
        String text = url.withoutFragment().toString();
        return excluded(text).or(() -> notIncluded(text));
    }

    private boolean hasHostOf(Url url) {
        if (authorities.contains(authority(url))) {
            return true;
        }
        for (HostPattern host : hosts) {
            if (host.matches(url)) {
                return true;
            }
        }
        return false;
    }

    private Optional<Skip> excluded(String url) {
        for (UrlPattern pattern : excludes) {
            switch (pattern.find(url)) {
                case YES -> {
                    return skip(Skip.Reason.EXCLUDED, "excluded by " + pattern);
                }
                case GIVEN_UP -> {
                    return givenUp(pattern);
                }
                case NO -> {}
            }
        }
        return Optional.empty();
    }

    private Optional<Skip> notIncluded(String url) {
        Optional<Skip> skip =
                includes.isEmpty() ? Optional.empty() : skip(Skip.Reason.EXCLUDED, "no expression includes it");
        for (UrlPattern pattern : includes) {
            switch (pattern.find(url)) {
                case YES -> {
                    return Optional.empty();
                }
                case GIVEN_UP -> skip = givenUp(pattern);
                case NO -> {}
            }
        }
        return skip;
    }

    private static Optional<Skip> givenUp(UrlPattern pattern) {
        return skip(
                Skip.Reason.REGEX,
                "the regular expression " + pattern + " takes more than " + UrlPattern.MOST_STEPS
                        + " steps: write it without repetitions in repetitions");
    }

    private static Optional<Skip> skip(Skip.Reason reason, String detail) {
        return Optional.of(new Skip(reason, detail));
    }

    /**
     * Takes the host and port that a seed redirects to into the crawl if both have the same registrable domain: {@code
     * http://example.org/} to {@code https://www.example.org/}. Addresses and {@code localhost} have none, so such a
     * seed is only redirected within the scope.
     *
     * @return whether they belong to the crawl only since this call
     */
    public boolean adopt(Url seed, Url target) {
        if (hasHostOf(target)) {
            return false;
        }
        Optional<String> domain = RegistrableDomain.of(seed);
        return domain.isPresent() && domain.equals(RegistrableDomain.of(target)) && authorities.add(authority(target));
    }
}
