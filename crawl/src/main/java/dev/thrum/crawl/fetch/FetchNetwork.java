package dev.thrum.crawl.fetch;

import dev.thrum.base.Clock;
import dev.thrum.crawl.fetch.FetchResult.Failed;
import dev.thrum.engine.AddressRule;
import dev.thrum.engine.Engine;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.HttpClient;
import dev.thrum.http.client.HttpClientConfig;
import dev.thrum.http.client.HttpClientConfig.Parsing;
import dev.thrum.http.client.Redirects;
import dev.thrum.http.client.address.PublicAddresses;
import dev.thrum.http.client.url.Url;
import dev.thrum.tls.TlsClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The network as a downloader uses it: two clients of one engine, and the rule which of them a request belongs to. Redirects are
 * followed. Safe for concurrent use.
 *
 * <p>The host that a user has typed may have any address. Where a redirect leads to another host, that host must have a public address,
 * unless private ones are allowed ({@link PublicAddresses}). The two clients share no connections, so none to a private address that a user
 * has typed is used for a redirect.
 */
public final class FetchNetwork implements AutoCloseable {
    private final FetchLimits limits;
    private final Clock clock;
    private final HttpClient typed;
    private final HttpClient elsewhere;

    private FetchNetwork(FetchLimits limits, Clock clock, HttpClient typed, HttpClient elsewhere) {
        this.limits = limits;
        this.clock = clock;
        this.typed = typed;
        this.elsewhere = elsewhere;
    }

    /**
     * Whom a network trusts.
     *
     * @param allowPrivate whether redirects may lead to private addresses
     * @param tls which certificates of servers are accepted
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
                limits,
                engine.clock(),
                HttpClient.over(engine, config),
                HttpClient.over(engine, config.withAddresses(rule)));
    }

    /**
     * Sends a request and follows redirects; the response is to be closed by the caller.
     *
     * @param url of the request, as the user has typed it
     * @throws IOException as {@link Redirects#send}; {@link #failure(IOException)} says what it means
     */
    public Redirects.Outcome send(ClientRequest request, Url url) throws IOException {
        return Redirects.within(_ -> true).send(hop -> client(hop, url), request);
    }

    private HttpClient client(Url hop, Url url) {
        return hop.host().equals(url.host()) ? typed : elsewhere;
    }

    /** A GET request, with the user information of its URL if it has any. */
    static ClientRequest get(Url url) throws LastingException {
        if (url.port() == 0) {
            throw new LastingException("expected a port from 1 to 65535 but was 0");
        }
        ClientRequest request = ClientRequest.get(url);
        if (url.username().isEmpty() && url.password().isEmpty()) {
            return request;
        }
        ByteArrayOutputStream user = new ByteArrayOutputStream();
        user.writeBytes(ContentDisposition.percentDecoded(url.username()));
        user.write(':');
        user.writeBytes(ContentDisposition.percentDecoded(url.password()));
        return request.with("Authorization", "Basic " + Base64.getEncoder().encodeToString(user.toByteArray()));
    }

    /**
     * Sends a request for a file: without a coding for the transfer, because only then can a part be resumed. One that the server applies
     * nevertheless is undone, unless it is the file's own, or the response is a part.
     */
    Redirects.Outcome sendForFile(ClientRequest request, Url url) throws IOException {
        AtomicReference<Url> current = new AtomicReference<>(url);
        ClientRequest plain = request.with("Accept-Encoding", "identity")
                .withDecoding((status, headers) -> status != 206 && !ProposedName.ownsCoding(headers, current.get()));
        return Redirects.within(_ -> true)
                .send(
                        hop -> {
                            current.set(hop);
                            return client(hop, url);
                        },
                        plain);
    }

    /** How long an attempt for this request may take; empty if its time is over. */
    Optional<Duration> timeFor(FetchRequest request) {
        Duration most = limits.maxTime();
        if (request.until() == null) {
            return Optional.of(most);
        }
        Duration left = request.until().left();
        return left.isZero() ? Optional.empty() : Optional.of(left.compareTo(most) < 0 ? left : most);
    }

    /** The beginning of a file, of at most this many bytes; nothing is saved, and the rest is not read. */
    public HeadResult head(FetchRequest request, int bytes) throws InterruptedException {
        Optional<Duration> time = timeFor(request);
        if (time.isEmpty()) {
            return Failures.late();
        }
        try {
            Redirects.Outcome outcome = sendForFile(get(request.url()).withDeadline(time.get()), request.url());
            try (ClientResponse response = outcome.response()) {
                Optional<Failed> failed = failure(response);
                return failed.isPresent()
                        ? failed.get()
                        : new Head(outcome.url(), response.body().readNBytes(bytes));
            }
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw interrupted(e);
            }
            return failure(e);
        }
    }

    static InterruptedException interrupted(IOException cause) {
        InterruptedException interrupted = new InterruptedException("interrupted while a file was fetched");
        interrupted.initCause(cause);
        return interrupted;
    }

    /** What an exception of {@link #send}, or of reading a body, means for the download. */
    public Failed failure(IOException e) {
        return Failures.of(e);
    }

    /** What the status of a response means for the download; empty if it is 200 or 203, and the body is the file. */
    public Optional<Failed> failure(ClientResponse response) {
        return response.status() == 200 || response.status() == 203
                ? Optional.empty()
                : Optional.of(Failures.of(response, clock.instant(), limits.maxWait()));
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
