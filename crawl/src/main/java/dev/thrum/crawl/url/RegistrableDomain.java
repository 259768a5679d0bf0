package dev.thrum.crawl.url;

import crawlercommons.domains.EffectiveTldFinder;
import dev.thrum.http.client.url.Url;
import java.util.Optional;

/**
 * The part of a host's name that one owner has registered, by the <a href="https://publicsuffix.org/">Public Suffix
 * List</a> with its private part: {@code example.co.uk} of {@code www.example.co.uk}, and {@code user.github.io} of
 * itself.
 */
final class RegistrableDomain {
    private RegistrableDomain() {}

    /** The domain of a URL's host; empty for addresses, names without a dot, {@code localhost}, and public suffixes. */
    static Optional<String> of(Url url) {
        String host =
                url.host().endsWith(".") ? url.host().substring(0, url.host().length() - 1) : url.host();
        boolean isLocal = host.indexOf('.') < 0 || host.endsWith(".localhost");
        if (isLocal || url.address().isPresent()) {
            return Optional.empty();
        }
        // With its strict mode off, it returns what it doesn't know as it is.
        return Optional.ofNullable(EffectiveTldFinder.getAssignedDomain(host, true, false))
                .or(() -> unlisted(host));
    }

    /** The last two labels under a suffix that is not listed, such as {@code .test}: the list's rule for all others. */
    private static Optional<String> unlisted(String host) {
        if (EffectiveTldFinder.getEffectiveTLD(host, false) != null) {
            return Optional.empty();
        }
        String domain = host.substring(host.lastIndexOf('.', host.lastIndexOf('.') - 1) + 1);
        return Optional.of(domain).filter(name -> !name.startsWith("."));
    }
}
