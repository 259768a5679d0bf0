package dev.thrum.crawl.crawler;

import dev.thrum.crawl.archive.LinkRecord;
import dev.thrum.crawl.archive.PageRecord;
import dev.thrum.crawl.archive.SkippedRecord;
import dev.thrum.crawl.archive.Truncation;
import dev.thrum.crawl.crawler.Candidate.SkipReason;
import dev.thrum.crawl.crawler.Outcome.Content;
import dev.thrum.crawl.crawler.Outcome.Found;
import dev.thrum.crawl.crawler.Visit.Answered;
import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.html.Directives;
import dev.thrum.crawl.html.Link;
import dev.thrum.crawl.html.PageScanner;
import dev.thrum.crawl.html.ScannedPage;
import dev.thrum.crawl.search.IndexedPage;
import dev.thrum.crawl.text.Ascii;
import dev.thrum.crawl.text.PageEncoding;
import dev.thrum.crawl.text.QueryEncoders;
import dev.thrum.http.client.url.QueryEncoder;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.client.url.UrlException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes of a response what is recorded, followed and indexed. Safe for concurrent use. */
final class PageReader {
    /** What a digest begins with, which hexadecimal digits follow. */
    private static final String DIGEST = "sha256:";

    private static final HexFormat HEX = HexFormat.of();

    private final LinkRules rules;
    private final PageScanner scanner;
    private final String agent;
    private final boolean isIndexed;
    private final QueryEncoders encoders = new QueryEncoders();

    /** @param agent the product token */
    PageReader(LinkRules rules, String agent, boolean isIndexed) {
        this.rules = rules;
        this.agent = agent;
        this.isIndexed = isIndexed;
        this.scanner = new PageScanner(agent, isIndexed);
    }

    /** The outcome of a response with a page in its body. */
    Outcome.Page page(KnownUrl known, Url url, Answered answered) {
        byte[] body = answered.body();
        PageEncoding encoding = PageEncoding.of(body, answered.field("Content-Type"));
        ScannedPage page = scanner.scan(body, encoding);
        Directives directives =
                page.directives().and(Directives.ofHeaders(answered.headers().all("X-Robots-Tag"), agent));
        byte[] digest = sha256(body);
        PageRecord record = record(
                known,
                answered,
                new Facts(
                        url.href(),
                        page.title(),
                        encoding.encoding().name(),
                        DIGEST + HEX.formatHex(digest),
                        robots(directives)));
        Content content = Content.of(digest);
        Found found = new LinksOfPage(known, url, page, encoders.of(encoding.encoding()), directives).found();
        IndexedPage text = isIndexed && !directives.noindex() && answered.status() == 200
                ? new IndexedPage(
                        known.url(), url.host(), page.title() == null ? "" : page.title(), page.headings(), page.text())
                : null;
        return new Outcome.Page(
                known, record, answered.exchange(), content, found, words(page, content), text, Outcome.Body.SENT);
    }

    /** What a page asks of robots, as it is recorded; null if nothing. */
    static @Nullable String robots(Directives directives) {
        if (directives.noindex()) {
            return directives.nofollow() ? "noindex, nofollow" : "noindex";
        }
        return directives.nofollow() ? "nofollow" : null;
    }

    /** The content of a page that was recorded with this digest; null if it has none. */
    static @Nullable Content content(@Nullable String digest) {
        return digest == null || !digest.startsWith(DIGEST)
                ? null
                : Content.of(HEX.parseHex(digest, DIGEST.length(), digest.length()));
    }

    /**
     * Pages with the same words are the same for the traps. A page without any is compared as a whole: it may be one of
     * pictures.
     */
    private static long words(ScannedPage page, Content content) {
        if (page.text().isEmpty() && page.headings().isEmpty()) {
            return content.low();
        }
        return (long) page.text().hashCode() << Integer.SIZE
                ^ page.headings().hashCode() * 31L
                ^ (page.title() == null ? 0 : page.title().hashCode());
    }

    /** The outcome of a response with a page that is no HTML: it has neither links nor a text that is known. */
    static Outcome.Page file(KnownUrl known, Url url, Answered answered) {
        byte[] digest = sha256(answered.body());
        PageRecord record =
                record(known, answered, new Facts(url.href(), null, null, DIGEST + HEX.formatHex(digest), null));
        Content content = Content.of(digest);
        return new Outcome.Page(
                known, record, answered.exchange(), content, Found.NOTHING, content.low(), null, Outcome.Body.SENT);
    }

    /** The outcome of a response without one: a redirect, a status that says so, another type. */
    static Outcome.Page other(KnownUrl known, Answered answered, String finalUrl, @Nullable String error, Found found) {
        PageRecord record = record(known, answered, new Facts(finalUrl, null, null, null, null));
        if (error != null) {
            record = record.withError(error);
        }
        return new Outcome.Page(known, record, answered.exchange(), null, found, 0, null, Outcome.Body.SENT);
    }

    /** The outcome of a request without a response. */
    static Outcome.Page failed(KnownUrl known, Visit.Failed failed) {
        PageRecord record = new PageRecord(
                known.url(),
                from(known),
                known.depth(),
                failed.time(),
                null,
                null,
                null,
                null,
                failed.failure().reason());
        return new Outcome.Page(known, record, null, null, Found.NOTHING, 0, null, Outcome.Body.SENT);
    }

    private record Facts(
            String finalUrl,
            @Nullable String title,
            @Nullable String charset,
            @Nullable String digest,
            @Nullable String robots) {}

    private static PageRecord record(KnownUrl known, Answered answered, Facts facts) {
        PageRecord.Answer answer = new PageRecord.Answer(
                facts.finalUrl(),
                answered.status(),
                facts.title(),
                MediaType.declared(answered.field("Content-Type")).orElse(null),
                facts.charset(),
                facts.digest(),
                answered.body().length,
                answered.headers().first("ETag").orElse(null),
                answered.headers().first("Last-Modified").orElse(null),
                facts.robots());
        @Nullable Truncation truncated = facts.digest() == null ? null : answered.truncated();
        return new PageRecord(
                known.url(), from(known), known.depth(), answered.time(), answer, truncated, null, null, null);
    }

    static @Nullable String from(KnownUrl known) {
        return known.from().isEmpty() ? null : known.from();
    }

    private static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("expected every JDK to have SHA-256", e);
        }
    }

    /** The links of one page. Owned by the thread that reads it. */
    private final class LinksOfPage {
        private final KnownUrl known;
        private final ScannedPage page;
        private final QueryEncoder encoder;
        private final Url base;
        private final boolean isNofollow;
        private final List<LinkRecord> links = new ArrayList<>();
        private final List<Candidate> candidates = new ArrayList<>();
        private final List<SkippedRecord> malformed = new ArrayList<>();

        LinksOfPage(KnownUrl known, Url url, ScannedPage page, QueryEncoder encoder, Directives directives) {
            this.known = known;
            this.page = page;
            this.encoder = encoder;
            this.isNofollow = directives.nofollow();
            this.base = base(url, page.base());
        }

        private static Url base(Url url, @Nullable String written) {
            if (written == null) {
                return url;
            }
            try {
                return url.resolve(written);
            } catch (UrlException e) {
                return url;
            }
        }

        Found found() {
            page.links().forEach(this::add);
            return new Found(links, candidates, malformed);
        }

        private void add(Link link) {
            Url url;
            try {
                url = base.resolve(link.href(), encoder);
            } catch (UrlException e) {
                String href = Ascii.strip(link.href());
                if (!LinkJudge.isOtherScheme(href) && LinkRules.leadsToPage(link)) {
                    malformed.add(
                            new SkippedRecord(href, known.url(), SkipReason.MALFORMED, String.valueOf(e.getMessage())));
                }
                return;
            }
            boolean isElement = link.kind() == Link.Kind.LINK;
            links.add(new LinkRecord(url.toString(), emptyToNull(link.rel()), emptyToNull(link.text()), isElement));
            if (LinkRules.leadsToPage(link)) {
                candidates.add(rules.candidate(known, link, url, isNofollow));
            }
        }

        private static @Nullable String emptyToNull(String text) {
            return text.isEmpty() ? null : text;
        }
    }
}
