package dev.thrum.crawl.crawler;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.crawl.archive.CrawlOutputs;
import dev.thrum.crawl.archive.Exchange;
import dev.thrum.crawl.archive.LinkRecord;
import dev.thrum.crawl.archive.PageLine;
import dev.thrum.crawl.archive.PageLines;
import dev.thrum.crawl.archive.PageRecord;
import dev.thrum.crawl.crawler.Candidate.SkipReason;
import dev.thrum.crawl.crawler.Outcome.Content;
import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.crawl.frontier.Frontier;
import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.search.PageIndex;
import dev.thrum.crawl.url.SessionParameters;
import dev.thrum.crawl.url.Traps;
import dev.thrum.crawl.url.UrlIdentity;
import dev.thrum.http.client.url.Url;
import dev.thrum.pipeline.Item;
import dev.thrum.pipeline.StageRun;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Records what became of URLs, in all outputs and in the frontier, and commits that: after a crash, each URL is either recorded everywhere and
 * done, or nowhere and waits. Children are in the frontier before their parent is done.
 */
final class Recorder {
    /** How much may wait in memory for a commit, in bytes: more is committed at once. */
    private static final long MOST_UNCOMMITTED = 1 << 20;

    private final Frontier frontier;
    private final CrawlOutputs outputs;
    private final @Nullable PageIndex index;
    private final PoliteQueue queue;
    private final Traps traps;
    private final SessionParameters sessions;
    private final UrlIdentity identity;
    private final LinkJudge judge;

    /** The crawl that is refreshed, and what is made of its pages; null if there is none. */
    private final @Nullable EarlierCrawl earlier;

    private final @Nullable Revisits revisits;

    /** What this process has in common with others; null if it crawls alone. */
    private final @Nullable Sharing sharing;

    private final CrawlMemory memory;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ContentTable contents;

    @GuardedBy("lock")
    private final FoundUrls urls;

    @GuardedBy("lock")
    private final List<String> failedSeeds;

    @GuardedBy("lock")
    private long pages;

    @GuardedBy("lock")
    private long errors;

    @GuardedBy("lock")
    private long duplicates;

    /** What has made it impossible to record more. */
    @GuardedBy("lock")
    private @Nullable IOException failure;

    /** Whether nothing is recorded any more. */
    @GuardedBy("lock")
    private boolean isEnded;

    /**
     * A recorder of a crawl.
     *
     * @param revisits null unless this is a refresh
     * @param sharing null unless this process crawls together with others
     */
    Recorder(
            CrawlFolder folder,
            PoliteQueue queue,
            LinkRules rules,
            @Nullable Revisits revisits,
            @Nullable Sharing sharing) {
        this.frontier = folder.frontier;
        this.outputs = folder.outputs;
        this.index = folder.index;
        this.queue = queue;
        this.traps = folder.memory.traps();
        this.sessions = folder.memory.sessions();
        this.identity = folder.identity;
        this.judge = rules.judge();
        this.urls = new FoundUrls(folder, rules, sharing == null ? null : sharing.urls());
        this.memory = folder.memory;
        this.sharing = sharing;
        this.contents = folder.memory.contents();
        this.earlier = folder.memory.earlier();
        this.revisits = revisits;
        this.failedSeeds = Aside.recallFailed(frontier);
    }

    /** The function of the stage that records. */
    void record(Item<Outcome> item, StageRun run) throws IOException, InterruptedException {
        lock.lock();
        try {
            if (failure != null || isEnded) {
                return;
            }
            boolean isRecorded = false;
            try {
                switch (item.value()) {
                    case Outcome.Page page -> page(page, run);
                    case Outcome.Skipped skip -> skip(skip, run);
                    case Outcome.Sitemap sitemap -> sitemap(sitemap, run);
                    case Outcome.Unreadable unreadable -> throw unreadable.cause();
                    case Outcome.Robots robots -> robots(robots, run);
                }
                urls.followAgain(run);
                if (frontier.uncommitted() > MOST_UNCOMMITTED) {
                    commit();
                }
                isRecorded = true;
            } catch (IOException e) {
                failure = e;
                throw e;
            } finally {
                if (!isRecorded) {
                    if (failure == null) {
                        failure = new IOException(
                                "expected to record " + item.id() + " but that has failed; see the log");
                    }
                    queue.endDelivery();
                }
            }
        } finally {
            lock.unlock();
            queue.inHand().settled();
        }
    }

    @GuardedBy("lock")
    private void page(Outcome.Page fetched, StageRun run) throws IOException, InterruptedException {
        if (revisits == null) {
            record(fetched, null, run);
            return;
        }
        EarlierCrawl.Page before = revisits.of(fetched.url()).orElse(null);
        boolean isKept = before != null && before.isThere() && Revisits.isFailure(fetched.page());
        record(isKept && before != null ? revisits.kept(fetched, before) : fetched, before, run);
    }

    @GuardedBy("lock")
    private void record(Outcome.Page page, EarlierCrawl.@Nullable Page before, StageRun run)
            throws IOException, InterruptedException {
        Content content = sharing == null ? page.content() : Sharing.ofHost(page);
        long original = content == null ? ContentTable.NONE : contents.get(content);
        if (sharing != null && original < ContentTable.NONE) {
            recordDuplicate(page, sharing.urlAt(original));
            return;
        }
        PageLine same = original == ContentTable.NONE ? null : outputs.pageAt(original);
        if (same != null && same.url().equals(page.url().url())) {
            // It was recorded, but its host was another process's at that time.
            same = null;
        }
        PageRecord record = page.page();
        if (revisits != null) {
            record = record.withChange(Revisits.change(record, before));
        }
        if (same == null) {
            urls.follow(page.found(), run);
        } else {
            duplicates++;
            record = record.asDuplicateOf(same.url());
        }
        Note.Place place = write(page, record, before, same);
        if (content != null && same == null) {
            contents.putIfAbsent(content, place.page());
        }
        index(page, record, before);
        Note.Mark mark = new Note.Mark(record.change(), page.body() != Outcome.Body.SENT);
        Note.Type type = same == null ? Note.Type.PAGE : Note.Type.DUPLICATE;
        Note note = content == null ? Note.answered(mark, place) : note(type, mark, place, page, content);
        done(page.url(), note);
        urls.recorded(page.url(), note, same);
        if (earlier != null) {
            earlier.learn(page.url().fingerprint(), note);
        }
        count(page.url(), record);
    }

    /** Records a page with the body of one that another process has recorded, or this one in an earlier run. */
    @GuardedBy("lock")
    private void recordDuplicate(Outcome.Page page, String original) throws IOException {
        duplicates++;
        PageRecord record = page.page().asDuplicateOf(original);
        long _ = outputs.page(record, List.of(), page.exchange());
        done(page.url(), Note.of(Note.Type.DUPLICATE));
        count(page.url(), record);
    }

    /**
     * Writes the lines of a page, and its exchange.
     *
     * @param same the page with the same body; null if there is none
     */
    @GuardedBy("lock")
    private Note.Place write(
            Outcome.Page page, PageRecord record, EarlierCrawl.@Nullable Page before, @Nullable PageLine same)
            throws IOException {
        List<LinkRecord> links = same == null ? page.found().links() : List.of();
        Exchange exchange = page.exchange();
        long linksAt = outputs.linksEnd();
        if (page.body() == Outcome.Body.KEPT && before != null) {
            return new Note.Place(outputs.kept(record, links, exchange, before.line()), linksAt);
        }
        PageLine known = before == null ? null : before.line();
        // The server has compared with the page itself, whatever other one is equal to that.
        PageLine confirmed = same == null || page.body() == Outcome.Body.UNCHANGED ? known : same;
        long pageAt = outputs.page(
                record, links, exchange == null || confirmed == null ? exchange : exchange.confirming(confirmed));
        return new Note.Place(pageAt, linksAt);
    }

    @GuardedBy("lock")
    private void index(Outcome.Page page, PageRecord record, EarlierCrawl.@Nullable Page before) throws IOException {
        if (index == null) {
            return;
        }
        boolean isFirst = record.duplicateOf() == null;
        if (isFirst && page.text() != null) {
            if (earlier == null && sharing == null) {
                index.add(page.text());
            } else if (before == null || !Revisits.isIndexedAlready(record, before)) {
                index.replace(page.text());
            }
        } else if (before != null && !(isFirst && Revisits.isIndexedAlready(record, before))) {
            index.remove(record.url());
        }
    }

    @GuardedBy("lock")
    private void count(KnownUrl url, PageRecord page) {
        if (page.answer() != null) {
            becomesKnownWithoutSession(url);
        }
        pages++;
        if (page.error() != null || page.answer() == null) {
            errors++;
            seedFailed(url, String.valueOf(page.error()));
        } else if (page.answer().status() >= 400) {
            seedFailed(url, "status " + page.answer().status());
        }
    }

    /** Notes a page, and tells the traps of it. */
    private Note note(Note.Type type, Note.Mark mark, Note.Place place, Outcome.Page page, Content content) {
        KnownUrl url = page.url();
        long host = Note.hashOf(url.host());
        if (sharing == null) {
            traps.pageDone(Note.hostName(host), url.shape(), page.words());
        }
        Url parsed = Url.parse(url.url());
        if (sessions.isOfUse(parsed)) {
            for (String parameter : sessions.pageDone(parsed, page.words())) {
                Aside.keep(frontier, identity, parsed.hostAndPort(), parameter);
            }
        }
        return new Note(type, mark, place, content, host, url.shape(), page.words());
    }

    /** The same page with another session is not fetched any more. */
    private void becomesKnownWithoutSession(KnownUrl url) {
        Optional<Fingerprint> plain = judge.withoutSession(Url.parse(url.url()));
        if (plain.isPresent() && frontier.claim(plain.get())) {
            frontier.skip(plain.get(), url.depth(), Note.of(Note.Type.SKIPPED).bytes());
        }
    }

    @GuardedBy("lock")
    private void seedFailed(KnownUrl url, String reason) {
        if (Kind.of(url.kind()).isSeed()) {
            failedSeeds.add(Aside.failedSeed(url.url(), reason));
            Aside.keepFailed(frontier, url, reason);
        }
    }

    @GuardedBy("lock")
    private void skip(Outcome.Skipped skip, StageRun run) throws IOException, InterruptedException {
        KnownUrl url = skip.url();
        if (revisits != null && skip.reason().word().equals(SkipReason.HOST)) {
            EarlierCrawl.Page before = revisits.of(url).orElse(null);
            if (before != null && before.isThere()) {
                record(revisits.kept(url, before, skip.reason().detail(), null), before, run);
                return;
            }
        }
        if (!Kind.of(url.kind()).isSitemap()) {
            urls.skipped(url.url(), url.from(), skip.reason());
        }
        seedFailed(url, skip.reason().word() + ": " + skip.reason().detail());
        done(url, Note.of(Note.Type.SKIPPED));
    }

    @GuardedBy("lock")
    private void sitemap(Outcome.Sitemap sitemap, StageRun run) throws IOException, InterruptedException {
        if (sitemap.exchange() != null) {
            outputs.exchange(sitemap.exchange());
        }
        urls.follow(sitemap.found(), run);
        done(sitemap.url(), Note.of(Note.Type.SITEMAP));
    }

    @GuardedBy("lock")
    private void robots(Outcome.Robots robots, StageRun run) throws IOException, InterruptedException {
        for (Exchange exchange : robots.exchanges()) {
            outputs.exchange(exchange);
        }
        urls.follow(robots.found(), run);
    }

    private void done(KnownUrl url, Note note) {
        if (sharing == null) {
            frontier.done(url, note.bytes());
        } else {
            sharing.done(url, note);
        }
    }

    /** A URL of a crawl that is shared is done, in whatever process. */
    void learn(Note note, long original) {
        lock.lock();
        try {
            memory.learn(note, original);
        } finally {
            lock.unlock();
        }
    }

    /** Records what is only known when everything else is recorded: what was not found elsewhere, and what is gone. */
    void recordEnd() throws IOException {
        lock.lock();
        try {
            urls.recordAside();
            if (earlier != null && !earlier.isEnded()) {
                recordGone(earlier);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Finds the pages that are gone, and notes that this is done: all of it is in one commit. */
    @GuardedBy("lock")
    private void recordGone(EarlierCrawl crawl) throws IOException {
        long leftOut = 0;
        try (PageLines lines = crawl.pages()) {
            for (Optional<PageLine> next = lines.next(); next.isPresent(); next = lines.next()) {
                PageRecord page = next.get().page();
                Fingerprint fingerprint = crawl.fingerprint(page.url());
                if (page.isThere() && !crawl.isMet(fingerprint)) {
                    leftOut += isLeftOut(page, fingerprint, crawl) ? 1 : 0;
                    if (index != null) {
                        index.remove(page.url());
                    }
                }
            }
        }
        long carried = crawl.carryMalformed(outputs);
        if (carried > 0) {
            urls.count(SkipReason.MALFORMED, carried);
        }
        Note end = Note.end(leftOut);
        if (frontier.claim(Aside.END)) {
            frontier.skip(Aside.END, 0, end.bytes());
        }
        crawl.learn(Aside.END, end);
    }

    /** Whether a page that is gone has a line that says why; otherwise nothing leads to it, and it gets one. */
    @GuardedBy("lock")
    private boolean isLeftOut(PageRecord page, Fingerprint fingerprint, EarlierCrawl crawl) throws IOException {
        if (frontier.knows(Aside.other(fingerprint)) || !frontier.claim(fingerprint)) {
            return true;
        }
        urls.skipped(
                page.url(),
                page.from() == null ? "" : page.from(),
                new SkipReason(SkipReason.UNLINKED, "nothing leads to it any more"));
        Note gone = Note.gone();
        frontier.skip(fingerprint, page.depth(), gone.bytes());
        crawl.learn(fingerprint, gone);
        return false;
    }

    /** Makes everything durable that was recorded. */
    void commit() throws IOException {
        lock.lock();
        try {
            if (failure != null) {
                throw failure;
            }
            outputs.force();
            byte[] ofOutputs = outputs.checkpoint();
            byte[] ofIndex = {};
            if (index != null) {
                index.force();
                ofIndex = index.checkpoint();
            }
            frontier.commit(new CrawlFolder.Checkpoint(ofOutputs, ofIndex).encode());
            if (index != null) {
                index.confirm(ofIndex);
            }
        } catch (IOException e) {
            failure = e;
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** From now on nothing is recorded: what was found would no longer be taken. */
    void end() {
        lock.lock();
        try {
            isEnded = true;
        } finally {
            lock.unlock();
        }
    }

    /** The failure after which nothing more is recorded. */
    Optional<IOException> failure() {
        lock.lock();
        try {
            return Optional.ofNullable(failure);
        } finally {
            lock.unlock();
        }
    }

    List<String> failedSeeds() {
        lock.lock();
        try {
            return List.copyOf(failedSeeds);
        } finally {
            lock.unlock();
        }
    }

    CrawlCounts counts() {
        lock.lock();
        try {
            return new CrawlCounts(
                    pages,
                    errors,
                    duplicates,
                    urls.skipped(),
                    queue.inHand().count(),
                    queue.waiting(),
                    sharing == null ? frontier.known() : sharing.urls().known(),
                    earlier == null ? null : earlier.changes());
        } finally {
            lock.unlock();
        }
    }
}
