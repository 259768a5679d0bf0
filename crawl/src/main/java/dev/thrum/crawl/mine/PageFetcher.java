package dev.thrum.crawl.mine;

import dev.thrum.base.Deadline;
import dev.thrum.base.Printable;
import dev.thrum.crawl.fetch.FetchNetwork;
import dev.thrum.crawl.fetch.FetchResult;
import dev.thrum.crawl.mine.PageException.Next;
import dev.thrum.crawl.text.ContentType;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.Redirects;
import dev.thrum.http.client.url.Url;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gets pages over the network, whole and in memory. Safe for concurrent use. */
final class PageFetcher implements PageSource {
    private static final String ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8";

    private static final int SHOWN = 100;

    private final FetchNetwork network;

    PageFetcher(FetchNetwork network) {
        this.network = network;
    }

    @Override
    public FetchedPage get(Url url, @Nullable Deadline until) throws PageException, InterruptedException {
        @Nullable Url from = null;
        try {
            Redirects.Outcome outcome = network.send(request(url, until), url);
            from = outcome.url().withoutUserInfo();
            try (ClientResponse response = outcome.response()) {
                Optional<FetchResult.Failed> failed = network.failure(response);
                if (failed.isPresent()) {
                    throw failure(failed.get(), from);
                }
                String contentType = response.header("Content-Type").orElse("");
                requirePage(contentType, from, response.status());
                return new FetchedPage(url.toString(), from, response.status(), contentType, response.bytes());
            }
        } catch (IOException e) {
            if (Thread.interrupted()) {
                InterruptedException interrupt = new InterruptedException("interrupted while a page was fetched");
                interrupt.initCause(e);
                throw interrupt;
            }
            throw failure(network.failure(e), from);
        }
    }

    private static ClientRequest request(Url url, @Nullable Deadline until) throws IOException, PageException {
        ClientRequest request = FetchNetwork.get(url).with("Accept", ACCEPT);
        if (until == null) {
            return request;
        }
        Duration left = until.left();
        if (!left.isPositive()) {
            throw new PageException("expected the page within the time for it but that is over", null, 0, Next.NOTHING);
        }
        return request.withDeadline(left);
    }

    private static void requirePage(String contentType, Url from, int status) throws PageException {
        if (ContentType.kind(contentType) == ContentType.Kind.OTHER) {
            throw new PageException(
                    "expected a page of HTML, XML or text but its type is " + Printable.excerpt(contentType, SHOWN),
                    from,
                    status,
                    Next.NOTHING);
        }
    }

    private static PageException failure(FetchResult.Failed failed, @Nullable Url from) {
        return new PageException(
                failed.reason(),
                from,
                failed.status(),
                new Next(failed.mayRetry(), failed.retryAfter(), failed.wholeHost()));
    }
}
