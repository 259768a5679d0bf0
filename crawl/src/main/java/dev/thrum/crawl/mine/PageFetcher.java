package dev.thrum.crawl.mine;

import dev.thrum.base.Deadline;
import dev.thrum.crawl.fetch.FetchNetwork;
import dev.thrum.crawl.fetch.FetchResult;
import dev.thrum.crawl.mine.PageException.Next;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.Redirects;
import dev.thrum.http.client.url.Url;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gets pages over the network, whole and in memory. Safe for concurrent use. */
final class PageFetcher implements PageSource {
    private static final String ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8";

    private static final Set<Integer> TRANSIENT = Set.of(408, 425, 429, 500, 502, 503, 504);

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
                requirePage(from, response);
                String contentType = response.header("Content-Type").orElse("");
                return new FetchedPage(url.toString(), from.href(), response.status(), contentType, response.bytes());
            }
        } catch (IOException e) {
            if (Thread.interrupted()) {
                InterruptedException interrupt = new InterruptedException("interrupted while fetching " + url);
                interrupt.initCause(e);
                throw interrupt;
            }
            throw failure(network.failure(e), from);
        } catch (IllegalArgumentException e) {
            throw new PageException(String.valueOf(e.getMessage()), null, 0, Next.NOTHING);
        }
    }

    private ClientRequest request(Url url, @Nullable Deadline until) throws PageException {
        ClientRequest request = ClientRequest.get(url).with("Accept", ACCEPT);
        if (until == null) {
            return request;
        }
        Duration left = until.left();
        if (!left.isPositive()) {
            throw new PageException("expected the page within the time for it but that is over", null, 0, Next.NOTHING);
        }
        return request.withDeadline(left);
    }

    private void requirePage(Url from, ClientResponse response) throws PageException {
        if (response.status() < 200 || response.status() > 299) {
            throw failure(refusal(response), from);
        }
        String contentType = response.header("Content-Type").orElse("");
        if (ContentType.kind(contentType) == ContentType.Kind.OTHER) {
            throw new PageException(
                    "expected a page of HTML, XML or text but its type is " + contentType, from, response.status(), Next.NOTHING);
        }
    }

    private static FetchResult.Failed refusal(ClientResponse response) {
        boolean mayRetry = TRANSIENT.contains(response.status());
        return new FetchResult.Failed("status " + response.status(), mayRetry, null, false, response.status());
    }

    private static PageException failure(FetchResult.Failed failed, @Nullable Url from) {
        return new PageException(
                failed.reason(),
                from,
                failed.status(),
                new Next(failed.mayRetry(), failed.retryAfter(), failed.wholeHost()));
    }
}
