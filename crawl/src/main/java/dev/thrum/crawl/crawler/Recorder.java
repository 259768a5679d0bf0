package dev.thrum.crawl.crawler;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.crawl.archive.CrawlOutputs;
import dev.thrum.crawl.archive.Exchange;
import dev.thrum.crawl.archive.PageLine;
import dev.thrum.crawl.archive.SkippedRecord;
import dev.thrum.crawl.crawler.Candidate.SkipReason;
import dev.thrum.crawl.crawler.CrawlTask.Found;
import dev.thrum.crawl.crawler.Outcome.Content;
import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.crawl.frontier.Frontier;
import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.frontier.NewUrl;
import dev.thrum.crawl.search.PageIndex;
import dev.thrum.crawl.url.SessionParameters;
import dev.thrum.crawl.url.Traps;
import dev.thrum.http.client.url.Url;
import dev.thrum.pipeline.Item;
import dev.thrum.pipeline.StageRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Records what became of URLs, in all outputs and in the frontier, and commits that: after a crash, each URL is either recorded everywhere and
 * done, or nowhere and waits. Children are in the frontier before their parent is done.
 */
final class Recorder {
    private final Frontier frontier;
    private final CrawlOutputs outputs;
    private final @Nullable PageIndex index;
    private final PoliteQueue queue;
    private final Traps traps;
    private final SessionParameters sessions;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ContentTable contents;

    @GuardedBy("lock")
    private final Map<String, Long> skipped = new TreeMap<>();

    @GuardedBy("lock")
    private final List<String> failedSeeds = new ArrayList<>();

    @GuardedBy("lock")
    private long pages;

    @GuardedBy("lock")
    private long errors;

    @GuardedBy("lock")
    private long duplicates;

    /** What has made it impossible to record more. */
    @GuardedBy("lock")
    private @Nullable IOException failure;

    Recorder(CrawlFolder folder, PoliteQueue queue) {
        this.frontier = folder.frontier;
        this.outputs = folder.outputs;
        this.index = folder.index;
        this.queue = queue;
        this.traps = folder.memory.traps();
        this.sessions = folder.memory.sessions();
        this.contents = folder.memory.contents();
    }

    /** The function of the stage that records. */
    void record(Item<Outcome> item, StageRun run) throws IOException, InterruptedException {
        lock.lock();
        try {
            if (failure != null) {
                return;
            }
            boolean isRecorded = false;
            try {
                switch (item.value()) {
                    case Outcome.Page page -> page(page, run);
                    case Outcome.Skipped skip -> skip(skip);
                    case Outcome.Sitemap sitemap -> sitemap(sitemap, run);
                    case Outcome.Further further -> follow(further.found(), run);
                }
                isRecorded = true;
            } catch (IOException e) {
                failure = e;
                throw e;
            } finally {
                if (!isRecorded && failure == null) {
                    failure = new IOException("expected to record " + item.id() + " but that has failed; see the log");
                }
            }
        } finally {
            lock.unlock();
            if (!(item.value() instanceof Outcome.Further)) {
                queue.settled();
            }
        }
    }

    @GuardedBy("lock")
    private void page(Outcome.Page page, StageRun run) throws IOException, InterruptedException {
        KnownUrl url = page.url();
        Content content = page.content();
        long original = content == null ? ContentTable.NONE : contents.get(content);
        if (content == null || original == ContentTable.NONE) {
            follow(page.found(), run);
            long offset = outputs.page(page.page(), page.found().links(), page.exchange());
            if (content != null) {
                contents.putIfAbsent(content, offset);
            }
            if (index != null && page.text() != null) {
                index.add(page.text());
            }
            done(url, content == null ? Note.of(Note.Type.ANSWERED) : note(Note.Type.PAGE, page, content, offset));
        } else {
            duplicates++;
            PageLine earlier = outputs.pageAt(original);
            Exchange exchange = page.exchange();
            outputs.page(
                    page.page().asDuplicateOf(earlier.url()),
                    List.of(),
                    exchange == null ? null : exchange.confirming(earlier));
            done(url, note(Note.Type.DUPLICATE, page, content, original));
        }
        pages++;
        if (page.page().error() != null || page.page().answer() == null) {
            errors++;
            seedFailed(url, String.valueOf(page.page().error()));
        } else if (page.page().answer().status() >= 400) {
            seedFailed(url, "status " + page.page().answer().status());
        }
    }

    /** Notes a page, and tells the traps of it. */
    private Note note(Note.Type type, Outcome.Page page, Content content, long offset) {
        KnownUrl url = page.url();
        long host = Note.hashOf(url.host());
        traps.pageDone(Note.hostName(host), url.shape(), page.words());
        Url parsed = Url.parse(url.url());
        if (sessions.isOfUse(parsed)) {
            var _ = sessions.pageDone(parsed, page.words());
        }
        return new Note(type, content, offset, host, url.shape(), page.words());
    }

    @GuardedBy("lock")
    private void seedFailed(KnownUrl url, String reason) {
        if (Kind.of(url.kind()).isSeed()) {
            failedSeeds.add(url.url() + ": " + reason);
        }
    }

    @GuardedBy("lock")
    private void skip(Outcome.Skipped skip) throws IOException {
        KnownUrl url = skip.url();
        if (!Kind.of(url.kind()).isSitemap()) {
            skipped(url.url(), url.from(), skip.reason());
        }
        seedFailed(url, skip.reason().word() + ": " + skip.reason().detail());
        done(url, Note.of(Note.Type.SKIPPED));
    }

    @GuardedBy("lock")
    private void sitemap(Outcome.Sitemap sitemap, StageRun run) throws IOException, InterruptedException {
        if (sitemap.exchange() != null) {
            outputs.exchange(sitemap.exchange());
        }
        follow(sitemap.found(), run);
        done(sitemap.url(), Note.of(Note.Type.SITEMAP));
    }

    private void done(KnownUrl url, Note note) {
        frontier.done(url, note.bytes());
    }

    /** Adds what nobody knows yet to the frontier, or records why it isn't followed. */
    @GuardedBy("lock")
    private void follow(Outcome.Found found, StageRun run) throws IOException, InterruptedException {
        for (SkippedRecord malformed : found.malformed()) {
            outputs.skipped(malformed);
            count(malformed.reason());
        }
        for (Candidate candidate : found.candidates()) {
            if (candidate.mayComeAgain()) {
                setAside(candidate);
            } else if (frontier.claim(candidate.url().fingerprint())) {
                follow(candidate, run);
            }
        }
    }

    @GuardedBy("lock")
    private void follow(Candidate candidate, StageRun run) throws IOException, InterruptedException {
        NewUrl url = candidate.url();
        Fingerprint plain = candidate.withoutSession();
        if (candidate.skip() != null) {
            skipped(url.url(), url.from(), candidate.skip());
            frontier.skip(
                    url.fingerprint(), url.depth(), Note.of(Note.Type.SKIPPED).bytes());
        } else if (plain != null && !frontier.claim(plain)) {
            skipped(url.url(), url.from(), new SkipReason("session", "known without its parameter for sessions"));
            frontier.skip(
                    url.fingerprint(), url.depth(), Note.of(Note.Type.SKIPPED).bytes());
        } else {
            if (plain != null) {
                frontier.skip(plain, url.depth(), Note.of(Note.Type.SKIPPED).bytes());
            }
            run.emit(FetchStage.FETCH, Item.of(url.url(), url.host(), new Found(url)));
        }
    }

    /** Keeps a URL that isn't followed from here until the end shows whether it was found elsewhere. */
    private void setAside(Candidate candidate) {
        NewUrl url = candidate.url();
        Fingerprint other = Aside.other(url.fingerprint());
        if (!frontier.knows(url.fingerprint()) && frontier.claim(other)) {
            SkipReason reason = candidate.skip();
            boolean isDepth = reason != null && !reason.word().equals(SkipReason.NOFOLLOW);
            frontier.add(new NewUrl(
                    other, url.url(), Aside.LATER_FOUND, 0, url.depth(), url.from(), (byte) (isDepth ? 1 : 0)));
        }
    }

    /** Records the URLs that were set aside and found nowhere else; called at the end. */
    void recordAside() throws IOException {
        lock.lock();
        try {
            for (Optional<KnownUrl> next = frontier.next(Aside.LATER_FOUND);
                    next.isPresent();
                    next = frontier.next(Aside.LATER_FOUND)) {
                KnownUrl url = next.get();
                if (!frontier.knows(Aside.other(url.fingerprint()))) {
                    skipped(
                            url.url(),
                            url.from(),
                            url.kind() == 1
                                    ? new SkipReason("depth", url.depth() + " links from a seed")
                                    : new SkipReason(SkipReason.NOFOLLOW, "only links that ask not to be followed"));
                }
                done(url, Note.of(Note.Type.SKIPPED));
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void skipped(String url, String from, SkipReason reason) throws IOException {
        outputs.skipped(new SkippedRecord(url, from.isEmpty() ? null : from, reason.word(), reason.detail()));
        count(reason.word());
    }

    @GuardedBy("lock")
    private void count(String reason) {
        skipped.merge(reason, 1L, Long::sum);
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
            return new CrawlCounts(pages, errors, duplicates, skipped, queue.inHand(), queue.size(), frontier.known());
        } finally {
            lock.unlock();
        }
    }
}
