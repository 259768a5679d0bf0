package dev.thrum.crawl.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Clock;
import dev.thrum.crawl.fetch.FetchNetwork.Trust;
import dev.thrum.crawl.fetch.FetchResult.AlreadyThere;
import dev.thrum.crawl.fetch.FetchResult.Saved;
import dev.thrum.engine.Engine;
import dev.thrum.http.client.url.Url;
import dev.thrum.testkit.ChildJvm;
import dev.thrum.testkit.scripted.FileFault;
import dev.thrum.testkit.scripted.FileServer;
import dev.thrum.testkit.scripted.Mutations;
import dev.thrum.testkit.scripted.ServedFile;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fetching processes that are killed at any moment, and the next run. */
class FetchKillTest {
    private static final int SIZE = 3 * 1024 * 1024;

    @TempDir
    private Path temporary;

    /** Fetches the URLs of the arguments one after the other into the folder of the first; run in a process of its own. */
    public static final class Fetching {
        private Fetching() {}

        public static void main(String[] args) throws Exception {
            try (Engine engine = Engine.virtual();
                    FetchNetwork network = FetchNetwork.over(engine, FetchLimits.defaults(), Trust.defaults());
                    DownloadFolder folder = DownloadFolder.open(Path.of(args[0]))) {
                Fetcher fetcher = new Fetcher(network, folder, Clock.system());
                for (String url : List.of(args).subList(1, args.length)) {
                    System.out.println(fetcher.fetch(FetchRequest.of(Url.parse(url)), FetchWatch.NONE));
                }
            }
        }
    }

    private static Process start(Path out, List<String> urls) throws IOException {
        List<String> arguments =
                Stream.concat(Stream.of(out.toString()), urls.stream()).toList();
        return ChildJvm.start(ProcessBuilder.Redirect.DISCARD, Fetching.class, arguments);
    }

    /** The bytes of parts and files that are there. */
    private static long there(Surroundings around) throws IOException {
        long[] sum = {0};
        Files.walkFileTree(around.out(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                boolean counts =
                        file.toString().endsWith(Part.BYTES) || around.out().equals(file.getParent());
                sum[0] += counts ? attributes.size() : 0;
                return FileVisitResult.CONTINUE;
            }

            // The process renames files meanwhile.
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void nextRun_endsWithTheRightFile_andTransfersWhatWasMissing() throws Exception {
        int kills = Mutations.count(5, 50);
        SplittableRandom random = new SplittableRandom(Long.getLong("thrum.seed", 1));
        byte[] content = new byte[SIZE];
        random.nextBytes(content);
        for (int i = 0; i < kills; i++) {
            try (FetchScene scene = new FetchScene(temporary.resolve("kill-" + i))) {
                killAndFetch(scene, content, random.nextInt(SIZE));
            }
        }
    }

    /** Kills a process when the server has sent about this many bytes. */
    private static void killAndFetch(FetchScene scene, byte[] content, int at) throws Exception {
        FileServer server = scene.server();
        CountDownLatch begun = new CountDownLatch(1);
        server.put("/small.bin", ServedFile.of("small").withEtag("\"s\""))
                .put("/big.bin", ServedFile.of(content).withEtag("\"b\""))
                .spoil("/big.bin", FileFault.silentAfter(at));
        server.onRequest(asked -> {
            if (asked.target().equals("/big.bin")) {
                begun.countDown();
            }
        });
        List<String> urls =
                List.of(scene.url("/small.bin").href(), scene.url("/big.bin").href());
        Process process = start(scene.around().out(), urls);
        begun.await();
        awaitPart(scene.around(), at);
        process.destroyForcibly().waitFor();

        long there = there(scene.around()) - "small".length();
        scene.openAgain();
        assertThat(scene.fetch("/small.bin")).isInstanceOf(AlreadyThere.class);
        assertThat(scene.fetch("/big.bin")).isInstanceOfSatisfying(Saved.class, saved -> {
            assertThat(saved.transferred()).isLessThanOrEqualTo(SIZE - there + Part.WORTH_A_RECORD);
            assertThat(saved.bytes()).isEqualTo(SIZE);
        });
        assertThat(scene.saved("big.bin")).isEqualTo(content);
        assertThat(scene.around().names()).containsExactly("big.bin", "small.bin");
        assertThat(scene.around().parts()).isEmpty();
    }

    /** Waits until all whole blocks of what the server has sent are in the part. */
    private static void awaitPart(Surroundings around, int sent) throws Exception {
        long wanted = sent / Blocks.SIZE * (long) Blocks.SIZE;
        while (there(around) < wanted) {
            Thread.onSpinWait();
        }
    }

    /** Kills a process between any two of its steps on the disk: it fetches small files, as quickly as it can. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void processThatIsKilled_betweenAnyTwoSteps_leavesWholeFilesOnly() throws Exception {
        int kills = Mutations.count(2, 30);
        SplittableRandom random = new SplittableRandom(Long.getLong("thrum.seed", 2));
        for (int i = 0; i < kills; i++) {
            try (FetchScene scene = new FetchScene(temporary.resolve("quick-" + i))) {
                int files = 400;
                CountDownLatch reached = new CountDownLatch(1 + random.nextInt(files));
                List<String> urls = Stream.iterate(0, n -> n + 1)
                        .limit(files)
                        .map(n -> "/" + n + ".txt")
                        .peek(path -> scene.server()
                                .put(path, ServedFile.of("content of " + path).withEtag("\"1\"")))
                        .map(path -> scene.url(path).href())
                        .toList();
                scene.server().onRequest(_ -> reached.countDown());
                Process process = start(scene.around().out(), urls);
                reached.await();
                process.destroyForcibly().waitFor();
                for (String name : scene.around().names()) {
                    assertThat(scene.saved(name)).asString().isEqualTo("content of /" + name);
                }
                scene.openAgain();
                for (int n = 0; n < files; n++) {
                    assertThat(scene.fetch("/" + n + ".txt")).isNotInstanceOf(FetchResult.Failed.class);
                }
                assertThat(scene.around().names()).hasSize(files);
                assertThat(scene.around().parts()).isEmpty();
            }
        }
    }
}
