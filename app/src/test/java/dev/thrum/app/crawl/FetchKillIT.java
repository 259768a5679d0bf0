package dev.thrum.app.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A download that is killed at random places: the next run ends with the right file, and transfers at most what was missing and one
 * block.
 */
@Timeout(1_800)
final class FetchKillIT {
    private static final int ROUNDS = Boolean.getBoolean("thrum.soak") ? 50 : 5;
    private static final int LENGTH = 8 << 20;

    /** As much as may have been received and not written, or written and not recorded. */
    private static final long BLOCK = 256 * 1024;

    private static final Pattern TRANSFERRED = Pattern.compile("\"transferred\":(\\d+)");

    @TempDir
    private Path temporary;

    private final Random random = new Random(Long.getLong("thrum.seed", System.nanoTime()));

    @Test
    void download_thatWasKilled_isResumed() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Path folder = Files.createDirectory(temporary.resolve("round-" + round));
            byte[] file = RangeResponder.file(random.nextLong(), LENGTH);
            // The end is killed too: between the last byte and the name.
            int cut = random.nextInt(4) == 0 ? LENGTH - 1 - random.nextInt(100) : 1 + random.nextInt(LENGTH - 1);
            kill(folder, file, cut);
            resume(folder, file, cut);
        }
    }

    private static Child fetch(Path folder, RawServer server) throws IOException {
        return Child.thrum(
                Map.of("LC_ALL", "C.UTF-8"), "fetch", "--json", "--out", folder.toString(), server.url("/file.bin"));
    }

    /** The parts are found by the URL, so both runs use the same server. */
    private @Nullable RawServer server;

    private @Nullable RangeResponder responder;

    private void kill(Path folder, byte[] file, int cut) throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        RangeResponder cutting = new RangeResponder(file, cut, reached::countDown);
        RawServer cuttingServer = new RawServer(cutting);
        responder = cutting;
        server = cuttingServer;
        try (Child child = fetch(folder, cuttingServer)) {
            reached.await();
            child.signal("KILL");
            child.awaitExit();
        }
        assertThat(folder.resolve("file.bin")).doesNotExist();
    }

    private void resume(Path folder, byte[] file, int cut) throws Exception {
        long there = parts(folder);
        RangeResponder whole = Objects.requireNonNull(responder);
        whole.sendAll();
        try (RawServer same = Objects.requireNonNull(server);
                Child child = fetch(folder, same)) {
            assertThat(child.awaitExit()).as("%s", child.err()).isZero();
            assertThat(folder.resolve("file.bin")).hasBinaryContent(file);
            Matcher transferred = TRANSFERRED.matcher(String.join("", child.out()));
            assertThat(transferred.find()).isTrue();
            assertThat(Long.parseLong(transferred.group(1)))
                    .as("bytes transferred after a kill at %d, with %d bytes on the disk", cut, there)
                    .isEqualTo(whole.sent())
                    .isLessThanOrEqualTo(LENGTH - there + BLOCK);
        }
    }

    /** The bytes of the part; without one, nothing is there. */
    private static long parts(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".part"))
                    .mapToLong(file -> file.toFile().length())
                    .max()
                    .orElse(0);
        }
    }
}
