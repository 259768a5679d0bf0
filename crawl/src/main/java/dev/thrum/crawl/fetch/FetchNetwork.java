package dev.thrum.crawl.fetch;

import dev.thrum.engine.AddressRule;
import dev.thrum.engine.Engine;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.HttpClient;
import dev.thrum.http.client.HttpClientConfig;
import dev.thrum.http.client.HttpClientConfig.Parsing;
import dev.thrum.http.client.Redirects;
import dev.thrum.http.client.address.PublicAddresses;
import dev.thrum.http.client.url.Url;
import dev.thrum.tls.TlsClient;
import java.io.IOException;
import java.time.Duration;

/**
 * The network as a downloader uses it: two clients of one engine, and the rule which of them a request belongs to. Redirects are
 * followed. Safe for concurrent use.
 *
 * <p>The host that a user has typed may have any address. Where a redirect leads to another host, that host must have a public address,
 * unless private ones are allowed ({@link PublicAddresses}).
 */
public final class FetchNetwork implements AutoCloseable {
    private final FetchLimits limits;
    private final HttpClient typed;
    private final HttpClient elsewhere;

    private FetchNetwork(FetchLimits limits, HttpClient typed, HttpClient elsewhere) {
        this.limits = limits;
        this.typed = typed;
        this.elsewhere = elsewhere;
    }

    /**
     * What a network may do.
     *
     * @param allowPrivate whether redirects may lead to private addresses
     * @param tls whom to trust
     */
    public record Trust(boolean allowPrivate, TlsClient tls) {
        /** No redirects to private addresses, and the authorities of the system. */
        public static Trust defaults() {
            return new Trust(false, TlsClient.ofSystem());
        }
    }

    /** A network over the connections of this engine, which must be closed after it. */
    public static FetchNetwork over(Engine engine, FetchLimits limits, Trust trust) {
        HttpLimits.Pace pace =
                HttpLimits.Pace.defaults().withHead(limits.timeout()).withBody(limits.timeout(), limits.rate());
        HttpClientConfig config = HttpClientConfig.defaults()
                .withLimits(HttpLimits.defaults().withBody(limits.maxSize()).withPace(pace))
                .withDeadlines(limits.timeout(), limits.maxTime())
                .withParsing(Parsing.TOLERANT)
                .withTls(trust.tls());
        AddressRule rule = trust.allowPrivate() ? AddressRule.ANY : PublicAddresses.only();
        return new FetchNetwork(
                limits, HttpClient.over(engine, config), HttpClient.over(engine, config.withAddresses(rule)));
    }

    /**
     * Sends a request and follows redirects; the response is to be closed by the caller.
     *
     * @throws IOException as {@link Redirects#send}; {@link #failure} says what it means
     */
    public Redirects.Outcome send(ClientRequest request, Url url) throws IOException {
        return Redirects.within(_ -> true)
                .send(hop -> hop.host().equals(url.host()) ? typed : elsewhere, request);
    }

    /** The beginning of a file, of at most this many bytes; nothing is saved. */
    public HeadResult head(FetchRequest request, int bytes) {
        throw new UnsupportedOperationException(request.url() + " " + bytes);
    }

    /** What an exception of {@link #send}, or of reading a body, means for the download. */
    public FetchResult.Failed failure(IOException e) {
        return new FetchResult.Failed(String.valueOf(e.getMessage()), false, Duration.ZERO, false, 0);
    }

    /** The limits of each download. */
    public FetchLimits limits() {
        return limits;
    }

    /** Closes both clients. Idempotent. */
    @Override
    public void close() {
        typed.close();
        elsewhere.close();
    }
}
