package dev.thrum.crawl.mine;

import dev.thrum.crawl.fetch.FetchNetwork;
import dev.thrum.crawl.fetch.FetchResult;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.Redirects;
import dev.thrum.http.client.url.Url;
import dev.thrum.pipeline.RetryAfterException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Gets pages over the network, whole and in memory. Safe for concurrent use. */
final class PageFetcher implements PageSource {
    private static final String ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8";

    private final FetchNetwork network;

    PageFetcher(FetchNetwork network) {
        this.network = network;
    }

    @Override
    public FetchedPage get(String given, Url url) throws PageException, RetryAfterException, InterruptedException {
        @Nullable Url from = null;
        try {
            Redirects.Outcome outcome = network.send(ClientRequest.get(url).with("Accept", ACCEPT), url);
            from = outcome.url().withoutUserInfo();
            try (ClientResponse response = outcome.response()) {
                return page(given, from, response);
            }
        } catch (IOException | IllegalArgumentException e) {
            if (Thread.interrupted()) {
                InterruptedException interrupt = new InterruptedException("interrupted while fetching " + url);
                interrupt.initCause(e);
                throw interrupt;
            }
            throw new PageException("", from, 0, false);
        }
    }

    private FetchedPage page(String given, Url from, ClientResponse response) throws IOException, PageException {
        return null;
    }
}
