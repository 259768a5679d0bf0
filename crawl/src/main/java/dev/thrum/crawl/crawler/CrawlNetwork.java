package dev.thrum.crawl.crawler;

import dev.thrum.base.Clock;
import dev.thrum.base.IoWords;
import dev.thrum.base.Printable;
import dev.thrum.crawl.archive.Exchange;
import dev.thrum.crawl.archive.ExchangeRecorder;
import dev.thrum.crawl.archive.Truncation;
import dev.thrum.crawl.fetch.Failures;
import dev.thrum.engine.AddressRefusedException;
import dev.thrum.engine.AddressRule;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.Engine;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.HttpClient;
import dev.thrum.http.client.HttpClientConfig;
import dev.thrum.http.client.HttpClientConfig.Parsing;
import dev.thrum.http.client.url.Url;
import dev.thrum.tls.TlsClient;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The requests of a crawl: one at a time, without following redirects, recorded for the archive. Safe for concurrent use. */
final class CrawlNetwork implements AutoCloseable {
    private static final String ACCEPT = "text/html, application/xhtml+xml, */*;q=0.5";

    /** Bytes that a server must send in a second, on average over the timeout. */
    private static final int SLOWEST = 512;

    /** How many timeouts one exchange may take in all. */
    private static final int TIMEOUTS = 20;

    private static final int FIRST_READ = 16 * 1024;

    private final Clock clock;
    private final Headers fields;
    private final HttpClient client;

    CrawlNetwork(Engine engine, CrawlOptions options, AddressRule guard, TlsClient tls) {
        CrawlOptions.Pace pace = options.pace();
        HttpLimits limits = HttpLimits.defaults()
                .withBody(Long.MAX_VALUE)
                .withPace(HttpLimits.Pace.defaults().withHead(pace.timeout()).withBody(pace.timeout(), SLOWEST));
        HttpClientConfig config = HttpClientConfig.defaults()
                .withLimits(limits)
                .withDeadlines(pace.timeout(), pace.timeout().multipliedBy(TIMEOUTS))
                .withIdle(new HttpClientConfig.Idle(pace.parallel(), pace.perHost(), Duration.ofSeconds(30)))
                .withUserAgent(options.manners().agent())
                .withParsing(Parsing.TOLERANT)
                .withAddresses(guard)
                .withTls(tls);
        this.clock = engine.clock();
        this.fields = options.manners().from() == null
                ? Headers.of("Accept", ACCEPT)
                : Headers.of("Accept", ACCEPT).and("From", options.manners().from());
        this.client = HttpClient.over(engine, config);
    }

    /**
     * Requests a URL. Blocks.
     *
     * @param conditions fields that make the request conditional
     * @param most bytes of the body that are read
     * @param wanted whether the body of a response with these fields is read at all
     * @throws InterruptedException if the thread was interrupted
     */
    Visit get(Url url, Headers conditions, int most, Predicate<Headers> wanted) throws InterruptedException {
        Instant time = clock.instant();
        ExchangeRecorder recorder = new ExchangeRecorder(most);
        ClientRequest request = ClientRequest.get(url.withoutUserInfo())
                .and(fields)
                .and(conditions)
                .withRaw(recorder);
        try (ClientResponse response = client.send(request)) {
            Body body = wanted.test(response.headers()) ? Body.read(response, most) : Body.unread();
            Exchange exchange = recorder.exchange(
                            url.withoutFragment().withoutUserInfo().href(),
                            time,
                            response.remoteAddress().getAddress(),
                            body.truncated)
                    .orElseThrow();
            requireUninterrupted(null);
            return new Visit.Answered(
                    time, response.status(), response.headers(), body.bytes, body.truncated, exchange);
        } catch (AddressRefusedException e) {
            return new Visit.Refused(time, Printable.of(IoWords.of(e)));
        } catch (IOException e) {
            requireUninterrupted(e);
            return new Visit.Failed(time, Failures.of(e));
        }
    }

    private static void requireUninterrupted(@Nullable IOException cause) throws InterruptedException {
        if (Thread.interrupted()) {
            InterruptedException interrupt = new InterruptedException("interrupted while a page was fetched");
            if (cause != null) {
                interrupt.initCause(cause);
            }
            throw interrupt;
        }
    }

    /** A body, as far as it was read. */
    private static final class Body {
        private byte[] bytes = new byte[0];
        private @Nullable Truncation truncated;

        static Body unread() {
            Body body = new Body();
            body.truncated = Truncation.LENGTH;
            return body;
        }

        static Body read(ClientResponse response, int most) {
            Body body = new Body();
            byte[] read = new byte[Math.min(most, FIRST_READ)];
            int length = 0;
            try (InputStream in = response.body()) {
                int count = in.read(read, 0, read.length);
                while (count >= 0) {
                    length += count;
                    if (length == read.length) {
                        if (length == most) {
                            body.truncated = in.read() < 0 ? null : Truncation.LENGTH;
                            break;
                        }
                        read = Arrays.copyOf(read, (int) Math.min(most, 2L * length));
                    }
                    count = in.read(read, length, read.length - length);
                }
            } catch (DeadlineException e) {
                body.truncated = Truncation.TIME;
            } catch (IOException e) {
                body.truncated = Truncation.DISCONNECT;
            }
            body.bytes = length == read.length ? read : Arrays.copyOf(read, length);
            return body;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
