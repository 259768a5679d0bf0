package dev.thrum.crawl.crawler;

import dev.thrum.crawl.archive.SkippedRecord;
import dev.thrum.crawl.crawler.Candidate.SkipReason;
import dev.thrum.crawl.crawler.Outcome.Found;
import dev.thrum.crawl.crawler.Visit.Answered;
import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.robots.RobotsRules;
import dev.thrum.crawl.robots.SitemapReader;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.client.url.UrlException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/** The pages that sitemaps name. Safe for concurrent use. */
final class SitemapPages {
    private static final System.Logger LOG = System.getLogger(SitemapPages.class.getName());

    private final LinkJudge judge;
    private final SitemapReader reader = new SitemapReader();

    SitemapPages(LinkJudge judge) {
        this.judge = judge;
    }

    /** The sitemaps of an authority: those that its robots.txt names, and the usual one. */
    List<Candidate> named(Url url, RobotsRules rules) {
        List<Candidate> named = new ArrayList<>();
        String robots = url.resolve("/robots.txt").href();
        for (String loc : rules.sitemaps()) {
            try {
                named.add(judge.candidate(url.resolve(loc), 0, robots, Kind.sitemap(1)));
            } catch (UrlException e) {
                LOG.log(Level.INFO, "{0}: a sitemap can''t be read: {1}", robots, e.getMessage());
            }
        }
        named.add(judge.candidate(url.resolve("/sitemap.xml"), 0, "", Kind.sitemap(1)));
        return named;
    }

    /** What a sitemap names. */
    Found read(KnownUrl known, Url url, Answered answered) {
        List<Candidate> candidates = new ArrayList<>();
        List<SkippedRecord> malformed = new ArrayList<>();
        int level = Kind.of(known.kind()).level();
        SitemapReader.Listener listener = new SitemapReader.Listener() {
            @Override
            public void page(String loc) {
                add(loc, 1, Kind.PAGE);
            }

            @Override
            public void sitemap(String loc) {
                if (level < Kind.MOST_LEVELS) {
                    add(loc, 0, Kind.sitemap(level + 1));
                }
            }

            private void add(String loc, int depth, Kind kind) {
                try {
                    candidates.add(judge.candidate(url.resolve(loc), depth, known.url(), kind));
                } catch (UrlException e) {
                    malformed.add(
                            new SkippedRecord(loc, known.url(), SkipReason.MALFORMED, String.valueOf(e.getMessage())));
                }
            }
        };
        try {
            SitemapReader.End end = reader.read(new ByteArrayInputStream(answered.body()), listener);
            if (end.outcome() != SitemapReader.Outcome.COMPLETE) {
                LOG.log(Level.INFO, "{0}: not all of the sitemap was read: {1}", known.url(), end.reason());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("expected bytes in memory to be readable", e);
        }
        return new Found(List.of(), candidates, malformed);
    }
}
