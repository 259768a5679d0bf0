package dev.thrum.crawl.crawler;

import dev.thrum.base.Clock;
import dev.thrum.crawl.crawler.Outcome.Content;
import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.frontier.NewUrl;
import dev.thrum.crawl.shared.HostFacts;
import dev.thrum.crawl.shared.LocalCrawl;
import dev.thrum.crawl.shared.SharedPlace;
import dev.thrum.crawl.shared.SharedRun;
import dev.thrum.crawl.shared.SharedUrls;
import dev.thrum.http.client.url.Url;
import dev.thrum.pipeline.partitions.Partitions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the crawl of this process has in common with those of others: the URLs, and what is known of hosts. Called by the thread of its
 * {@link SharedRun}, and by the recorder.
 */
final class Sharing implements LocalCrawl {
    private static final String ADOPTED = "adopted/";
    private static final int NAMED_HOSTS = 3;

    private final Path folder;
    private final SharedUrls urls;
    private final SharedRun run;
    private final BiPredicate<Url, Url> adoption;
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    private volatile boolean isEnded;

    // Set once, before the run is started.
    private @Nullable PoliteQueue queue;
    private @Nullable Recorder recorder;

    /**
     * Nothing is shared before {@link #start}.
     *
     * @param folder of the crawl
     * @param delay of a host of which nothing is known
     * @param adoption is told of seeds that redirect, and where to
     */
    Sharing(Partitions log, CrawlFolder folder, Clock clock, Duration delay, BiPredicate<Url, Url> adoption) {
        this.folder = folder.path;
        this.adoption = adoption;
        this.urls = new SharedUrls(log, clock, delay);
        this.run = new SharedRun(log, urls, this, folder.partitions(), clock);
    }

    SharedUrls urls() {
        return urls;
    }

    void start(PoliteQueue fetched, Recorder recording) {
        queue = fetched;
        recorder = recording;
        run.start();
    }

    private PoliteQueue queue() {
        return require(queue);
    }

    private Recorder recorder() {
        return require(recorder);
    }

    private static <T> T require(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("expected a crawl that has started");
        }
        return part;
    }

    /** The content of a page for comparison with others of its host: those of other hosts may be another process's. */
    static @Nullable Content ofHost(Outcome.Page page) {
        Content content = page.content();
        return content == null
                ? null
                : new Content(content.high() ^ Note.hashOf(page.url().host()), content.low());
    }

    /** A URL is done. */
    void done(KnownUrl url, Note note) {
        urls.done(url, note.withoutPlace().bytes(), note.type() == Note.Type.PAGE);
    }

    /** The URL of a page that was learned of. */
    String urlAt(long original) throws IOException {
        try {
            return run.urlAt(SharedPlace.of(ContentTable.NONE - 1 - original))
                    .orElseThrow(
                            () -> new IOException("expected the record of a page in the log but it is another one"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the log of the crawl was read", e);
        }
    }

    /** A seed redirects to a host that belongs to the crawl from now on. */
    void tellAdopted(Url seed, Url target) {
        run.tell(ADOPTED + target.hostAndPort(), seed.withoutFragment() + " " + target.withoutFragment());
    }

    @Override
    public void found(NewUrl url) {
        Kind kind = Kind.of(url.kind());
        if (kind.isSeed() && kind.hops() > 0) {
            boolean _ = adoption.test(Url.parse(url.from()), Url.parse(url.url()));
        }
    }

    @Override
    public void noticed(Map<String, String> notices) {
        notices.forEach((key, value) -> {
            if (key.startsWith(ADOPTED)) {
                int space = value.indexOf(' ');
                boolean _ = adoption.test(Url.parse(value.substring(0, space)), Url.parse(value.substring(space + 1)));
            }
        });
    }

    @Override
    public void waits(String authority) {
        queue().waits(authority);
    }

    @Override
    public void learned(byte[] note, SharedPlace place) {
        recorder().learn(Note.parse(note), ContentTable.NONE - 1 - place.code());
    }

    @Override
    public void putBackNow(Predicate<String> authorities) {
        queue().putBackNow(authorities);
    }

    @Override
    public Map<String, HostFacts> facts(Predicate<String> authorities) {
        return queue().facts(authorities);
    }

    @Override
    public void dropped(Predicate<String> authorities) {
        queue().drop(authorities);
    }

    @Override
    public void commit() throws IOException {
        recorder().commit();
    }

    @Override
    public String folder() {
        return folder.toAbsolutePath().toString();
    }

    @Override
    public Counts counts() {
        CrawlCounts counts = recorder().counts();
        return new Counts(
                counts.pages(),
                counts.errors(),
                counts.duplicates(),
                counts.skipped().values().stream().mapToLong(Long::longValue).sum(),
                counts.running());
    }

    @Override
    public List<String> slowest() {
        return queue().slowest(NAMED_HOSTS).stream().map(HostWait::toString).toList();
    }

    @Override
    public void ended() {
        isEnded = true;
        queue().endDelivery();
    }

    @Override
    public void failed(IOException cause) {
        failure.compareAndSet(null, cause);
        queue().endDelivery();
    }

    /** Whether all processes are done. */
    boolean isEnded() {
        return isEnded;
    }

    Optional<IOException> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Whether this process can ask hosts, as far as the log is concerned. */
    boolean isInTouch() {
        return run.isInTouch();
    }

    Optional<String> trouble() {
        return run.trouble();
    }

    /** Leaves the hosts to the other processes. Idempotent. */
    void leave() throws InterruptedException {
        run.leave();
    }
}
