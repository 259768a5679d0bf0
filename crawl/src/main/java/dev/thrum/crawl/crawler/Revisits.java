package dev.thrum.crawl.crawler;

import dev.thrum.crawl.archive.Exchange;
import dev.thrum.crawl.archive.LinkRecord;
import dev.thrum.crawl.archive.PageRecord;
import dev.thrum.crawl.archive.PageRecord.Change;
import dev.thrum.crawl.crawler.Outcome.Body;
import dev.thrum.crawl.crawler.Outcome.Found;
import dev.thrum.crawl.crawler.Visit.Answered;
import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.html.Directives;
import dev.thrum.http.Headers;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.client.url.UrlException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a refresh makes of the pages that the crawl before has recorded: how they are requested, and what is recorded if their body is not
 * sent again. Safe for concurrent use.
 */
final class Revisits {
    private static final Set<Integer> GONE = Set.of(404, 410);
    private static final int FIRST_SERVER_ERROR = 500;

    private final EarlierCrawl earlier;
    private final LinkRules rules;
    private final FetchStage.Scoping scoping;
    private final String agent;
    private final boolean isArchived;

    /**
     * URLs whose server has said something about conditions that makes no sense: they are requested without. A concurrent set, of at most
     * those that were delivered and wait to be tried again.
     */
    private final Set<Fingerprint> unconditional = ConcurrentHashMap.newKeySet();

    /**
     * Revisits.
     *
     * @param agent the product token
     * @param isArchived whether pages are to be in WARC files
     */
    Revisits(EarlierCrawl earlier, LinkRules rules, FetchStage.Scoping scoping, String agent, boolean isArchived) {
        this.earlier = earlier;
        this.rules = rules;
        this.scoping = scoping;
        this.agent = agent;
        this.isArchived = isArchived;
    }

    /** What the crawl before has recorded of a URL; empty if nothing. */
    Optional<EarlierCrawl.Page> of(KnownUrl url) throws IOException {
        return Kind.of(url.kind()).isSitemap() ? Optional.empty() : earlier.page(url.fingerprint());
    }

    /** The fields that make the request for a page conditional. */
    Headers conditions(KnownUrl url, EarlierCrawl.Page before) {
        return unconditional.remove(url.fingerprint()) ? Headers.none() : Conditions.of(before.line(), isArchived);
    }

    /** Lets the next request for a URL be without conditions. */
    void askWhole(KnownUrl url) {
        unconditional.add(url.fingerprint());
    }

    /** The outcome of a response which says that a page is unchanged. Its fields replace those that were recorded. */
    Outcome.Page unchanged(KnownUrl url, Answered answered, EarlierCrawl.Page before) throws IOException {
        PageRecord.Answer recorded = Objects.requireNonNull(before.line().page().answer());
        Directives directives = directives(recorded.robots())
                .and(Directives.ofHeaders(answered.headers().all("X-Robots-Tag"), agent));
        PageRecord.Answer answer = new PageRecord.Answer(
                recorded.finalUrl(),
                recorded.status(),
                recorded.title(),
                recorded.type(),
                recorded.charset(),
                recorded.digest(),
                recorded.length(),
                answered.headers().first("ETag").orElse(recorded.etag()),
                answered.headers().first("Last-Modified").orElse(recorded.lastModified()),
                PageReader.robots(directives));
        PageRecord page = new PageRecord(
                url.url(), PageReader.from(url), url.depth(), answered.time(), answer, null, null, null, null);
        return new Outcome.Page(
                url,
                page,
                answered.exchange(),
                PageReader.content(answer.digest()),
                links(url, before, directives.nofollow()),
                before.words(),
                null,
                Body.UNCHANGED);
    }

    static Directives directives(@Nullable String recorded) {
        return recorded == null
                ? Directives.NONE
                : new Directives(recorded.contains("noindex"), recorded.contains("nofollow"));
    }

    /** Whether the outcome of a request says nothing of whether the page is still there. */
    static boolean isFailure(PageRecord page) {
        PageRecord.Answer answer = page.answer();
        return page.error() != null
                || (answer != null
                        && (answer.status() >= FIRST_SERVER_ERROR || answer.status() == Conditions.NOT_MODIFIED));
    }

    /** The earlier response in place of one that says nothing. */
    Outcome.Page kept(Outcome.Page fetched, EarlierCrawl.Page before) throws IOException {
        PageRecord.Answer answer = fetched.page().answer();
        String error = fetched.page().error();
        return kept(
                fetched.url(),
                before,
                error == null && answer != null
                        ? "expected a page but was status " + answer.status()
                        : String.valueOf(error),
                fetched.exchange());
    }

    /**
     * The outcome for a page that was there and could not be fetched again: the earlier response with the reason. A duplicate stays one, as
     * its links are not known.
     *
     * @param exchange of the attempt; null if there was none
     */
    Outcome.Page kept(KnownUrl found, EarlierCrawl.Page before, String error, @Nullable Exchange exchange)
            throws IOException {
        PageRecord recorded = before.line().page();
        KnownUrl url = found.withUrl(recorded.url());
        PageRecord.Answer answer = Objects.requireNonNull(recorded.answer());
        PageRecord page = new PageRecord(
                recorded.url(),
                PageReader.from(url),
                url.depth(),
                recorded.fetched(),
                answer,
                recorded.truncated(),
                recorded.duplicateOf(),
                null,
                error);
        return new Outcome.Page(
                url,
                page,
                exchange,
                recorded.duplicateOf() == null ? PageReader.content(answer.digest()) : null,
                answer.finalUrl().equals(recorded.url())
                        ? links(url, before, directives(answer.robots()).nofollow())
                        : target(url, answer.finalUrl()),
                before.words(),
                null,
                Body.KEPT);
    }

    private Found links(KnownUrl url, EarlierCrawl.Page before, boolean isNofollow) throws IOException {
        List<LinkRecord> links = earlier.links(before);
        return new Found(links, rules.candidates(url, links, isNofollow), List.of());
    }

    private Found target(KnownUrl url, String target) {
        try {
            return Found.of(
                    FetchStage.redirected(url, Url.parse(url.url()), Url.parse(target), rules.judge(), scoping));
        } catch (UrlException e) {
            return Found.NOTHING;
        }
    }

    /** What has become of a page; null if there is nothing, as before. */
    static @Nullable Change change(PageRecord page, EarlierCrawl.@Nullable Page before) {
        PageRecord.Answer now = page.answer();
        if (before == null || !before.isThere()) {
            return page.isThere() && page.error() == null ? Change.NEW : null;
        }
        PageRecord.Answer then = before.line().page().answer();
        if (page.error() != null || now == null || then == null) {
            return null;
        }
        if (GONE.contains(now.status())) {
            return Change.GONE;
        }
        boolean isSame = now.status() == then.status()
                && now.finalUrl().equals(then.finalUrl())
                && Objects.equals(now.digest(), then.digest());
        return isSame ? Change.SAME : Change.CHANGED;
    }

    /** Whether the index has a page as it was recorded. */
    private static boolean isIndexed(PageRecord page) {
        return page.answer() != null
                && page.answer().status() == 200
                && page.duplicateOf() == null
                && !directives(page.answer().robots()).noindex();
    }

    /** Whether the index says of a page what it would say again. */
    static boolean isIndexedAlready(PageRecord page, EarlierCrawl.Page before) {
        PageRecord.Answer now = page.answer();
        PageRecord.Answer then = before.line().page().answer();
        return isIndexed(page)
                && isIndexed(before.line().page())
                && now != null
                && then != null
                && now.digest() != null
                && now.digest().equals(then.digest())
                && Objects.equals(now.charset(), then.charset())
                && Objects.equals(now.title(), then.title());
    }
}
