package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Clock;
import dev.thrum.crawl.crawler.CrawlOptions.Reach;
import dev.thrum.pipeline.partitions.MemoryPartitions;
import dev.thrum.pipeline.partitions.PartitionEntry;
import dev.thrum.pipeline.partitions.PartitionOwner;
import dev.thrum.pipeline.partitions.Partitions;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.web.WebPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Crawls that share a log in memory, as if each were a process of its own, of a generated web over real connections. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class SharedCrawlTest {
    private static final Duration DELAY = Duration.ofMillis(20);
    private static final int HOSTS = 6;

    @TempDir
    private Path temporary;

    private final MemoryPartitions log = MemoryPartitions.of(8, Clock.system());

    /** One of the crawls. */
    private record Worker(Crawl crawl, Partitions member, Path folder, Future<CrawlResult> result) {}

    private static CrawlOptions polite(CrawlScene scene) {
        CrawlOptions options = scene.options();
        return options.withPace(options.pace().withDelay(DELAY));
    }

    private Worker join(CrawlScene scene, ExecutorService threads, String folder) throws Exception {
        return join(scene, threads, folder, log.join());
    }

    private Worker join(CrawlScene scene, ExecutorService threads, String folder, Partitions member) throws Exception {
        Path into = temporary.resolve(folder);
        Crawl crawl =
                Crawl.join(into, polite(scene), scene.around(CrawlScene.LOOPBACK), new CrawlListener() {}, member);
        Callable<CrawlResult> run = () -> {
            try (crawl) {
                return crawl.run();
            }
        };
        return new Worker(crawl, member, into, threads.submit(run));
    }

    private CrawlScene scene(int pages) throws Exception {
        return CrawlScene.of(
                temporary.resolve("unused"), WebPlan.of(1).withHosts(HOSTS).withPages(pages));
    }

    /** The pages that the folders have, each as often as it is there. */
    private static List<String> pages(List<Worker> workers) throws Exception {
        List<String> urls = new ArrayList<>();
        for (Worker worker : workers) {
            urls.addAll(WrittenCrawl.read(worker.folder).urls());
        }
        return urls;
    }

    private static void awaitRequests(CrawlScene scene, int count) {
        while (scene.web.log().all().size() < count) {
            LockSupport.parkNanos(100_000);
        }
    }

    private static void assertPolite(CrawlScene scene) {
        for (String host : scene.web.log().hosts()) {
            assertThat(scene.web.log().mostAtOnce(host)).as(host).isEqualTo(1);
            assertThat(scene.web.log().pauses(host))
                    .as(host)
                    .allSatisfy(pause -> assertThat(pause).isGreaterThanOrEqualTo(DELAY));
        }
        assertThat(scene.web.log().askedBeforeRobots()).isEmpty();
    }

    private static void assertFinished(List<Worker> workers) throws Exception {
        for (Worker worker : workers) {
            assertThat(worker.result.get().end()).isEqualTo(new CrawlEnd.Finished());
        }
    }

    private static Set<String> planned(CrawlScene scene) {
        return new TreeSet<>(scene.web.map().reachable(_ -> true));
    }

    @Test
    void run_byThreeProcesses_recordsEachPageOnce_andAllOfThemFindTheEnd() throws Exception {
        try (CrawlScene scene = scene(30);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Worker> workers =
                    List.of(join(scene, threads, "a"), join(scene, threads, "b"), join(scene, threads, "c"));

            assertFinished(workers);
            List<String> pages = pages(workers);
            assertThat(pages).doesNotHaveDuplicates();
            assertThat(new TreeSet<>(pages)).isEqualTo(planned(scene));
            assertPolite(scene);
        }
    }

    @Test
    void run_whenAProcessJoinsAndAnotherLeaves_recordsEachPageOnce_withoutAShorterPause() throws Exception {
        try (CrawlScene scene = scene(60);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Worker first = join(scene, threads, "a");
            awaitRequests(scene, 50);
            Worker second = join(scene, threads, "b");
            awaitRequests(scene, 150);
            first.crawl.stop("the test");

            assertThat(first.result.get().end()).isEqualTo(new CrawlEnd.Stopped("the test"));
            assertFinished(List.of(second));
            List<String> pages = pages(List.of(first, second));
            assertThat(pages).doesNotHaveDuplicates();
            assertThat(new TreeSet<>(pages)).isEqualTo(planned(scene));
            assertPolite(scene);
        }
    }

    @Test
    void run_whenAProcessLosesItsPlace_missesNoPage_andWaitsForItsLease() throws Exception {
        try (CrawlScene scene = scene(60);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Worker first = join(scene, threads, "a");
            Worker second = join(scene, threads, "b");
            awaitRequests(scene, 100);
            log.expel(first.member);

            assertFinished(List.of(first, second));
            assertThat(new TreeSet<>(pages(List.of(first, second)))).isEqualTo(planned(scene));
            assertPolite(scene);
        }
    }

    /** A member that a test can end as {@code kill -9} does: what it says afterwards reaches nobody, and it hears nothing. */
    private final class Mortal implements Partitions {
        private final Partitions member = log.join();
        private volatile boolean isDead;

        void die() {
            isDead = true;
            log.expel(member);
        }

        private void requireAlive() throws IOException {
            if (isDead) {
                throw new IOException("killed");
            }
        }

        @Override
        public int count() {
            return member.count();
        }

        @Override
        public String member() {
            return member.member();
        }

        @Override
        public String agree(String proposal) throws IOException, InterruptedException {
            return member.agree(proposal);
        }

        @Override
        public void poll(Duration patience, PartitionOwner owner) throws IOException, InterruptedException {
            requireAlive();
            member.poll(patience, owner);
        }

        @Override
        public boolean commit(List<PartitionEntry> entries) throws IOException, InterruptedException {
            requireAlive();
            return member.commit(entries);
        }

        @Override
        public long position(int partition) {
            return member.position(partition);
        }

        @Override
        public long[] ends() throws IOException, InterruptedException {
            return member.ends();
        }

        @Override
        public byte[] read(int partition, long offset) throws IOException, InterruptedException {
            return member.read(partition, offset);
        }

        @Override
        public void tell(String key, String value) {
            if (!isDead) {
                member.tell(key, value);
            }
        }

        @Override
        public Map<String, String> notices() {
            return member.notices();
        }

        @Override
        public Optional<String> trouble() {
            return member.trouble();
        }

        @Override
        public void close() {
            member.close();
        }
    }

    @Test
    void run_whenAProcessIsKilled_andItsFolderJoinsAgain_missesNoPage() throws Exception {
        try (CrawlScene scene = scene(60);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Mortal mortal = new Mortal();
            Worker killed = join(scene, threads, "a", mortal);
            Worker other = join(scene, threads, "b");
            awaitRequests(scene, 100);
            mortal.die();
            assertThat(killed.result.get().end()).isInstanceOf(CrawlEnd.Failed.class);
            Worker again = join(scene, threads, "a");

            assertFinished(List.of(other, again));
            assertThat(new TreeSet<>(pages(List.of(other, again)))).isEqualTo(planned(scene));
            assertPolite(scene);
        }
    }

    @Test
    void join_inTheFolderOfAProcessThatHasLeft_goesOn_andOfAFinishedCrawl_endsAtOnce() throws Exception {
        try (CrawlScene scene = scene(30);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Worker first = join(scene, threads, "a");
            awaitRequests(scene, 60);
            first.crawl.stop("the test");
            assertThat(first.result.get().end()).isEqualTo(new CrawlEnd.Stopped("the test"));

            Worker again = join(scene, threads, "a");
            assertFinished(List.of(again));
            List<String> pages = pages(List.of(again));
            assertThat(pages).doesNotHaveDuplicates();
            assertThat(new TreeSet<>(pages)).isEqualTo(planned(scene));
            assertPolite(scene);
            int requests = scene.web.log().all().size();

            assertFinished(List.of(join(scene, threads, "a")));
            assertThat(scene.web.log().all()).hasSize(requests);
        }
    }

    @Test
    void join_withOtherOptions_isRefused_andNamesTheDifference() throws Exception {
        try (CrawlScene scene = scene(1)) {
            CrawlOptions options = polite(scene);
            try (Crawl _ = join(scene, options, "a")) {
                assertThatThrownBy(() ->
                                join(scene, options.withReach(new Reach(List.of(), List.of(), List.of(), 3)), "b"))
                        .isInstanceOf(CrawlFolderException.class)
                        .hasMessageContaining("--depth")
                        .hasMessageContaining("was 3");
                assertThat(temporary.resolve("b")).doesNotExist();
            }
        }
    }

    @Test
    void join_inAFolderWithAnotherCrawl_isRefused_andSoIsResumeInThatOfASharedOne() throws Exception {
        try (CrawlScene scene = scene(1)) {
            try (Crawl _ = scene.create(scene.options())) {
                assertThatThrownBy(() -> join(scene, polite(scene), "unused"))
                        .isInstanceOf(CrawlFolderException.class)
                        .hasMessageContaining("has another one");
            }
            try (Crawl _ = join(scene, polite(scene), "a")) {
                assertThatThrownBy(() -> Crawl.resume(
                                temporary.resolve("a"),
                                scene.options(),
                                scene.around(CrawlScene.LOOPBACK),
                                new CrawlListener() {}))
                        .isInstanceOf(CrawlFolderException.class)
                        .hasMessageContaining("--queue");
            }
        }
    }

    private Crawl join(CrawlScene scene, CrawlOptions options, String folder) throws Exception {
        Partitions member = log.join();
        boolean isJoined = false;
        try {
            Crawl crawl = Crawl.join(
                    temporary.resolve(folder),
                    options,
                    scene.around(CrawlScene.LOOPBACK),
                    new CrawlListener() {},
                    member);
            isJoined = true;
            return crawl;
        } finally {
            if (!isJoined) {
                member.close();
            }
        }
    }
}
