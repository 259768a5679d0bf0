package dev.thrum.crawl.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Clock;
import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.crawl.frontier.NewUrl;
import dev.thrum.crawl.shared.OwnedPartition.Learned;
import dev.thrum.crawl.shared.SharedRecord.Done;
import dev.thrum.crawl.shared.SharedRecord.Found;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnedPartitionTest {
    private static final int URLS = 3;

    @TempDir
    private Path folder;

    private final List<Long> learned = new ArrayList<>();

    private OwnedPartition open() throws IOException {
        return OwnedPartition.of(0, folder.resolve("0"), Clock.system(), (Learned each) -> learned.add(each.offset()));
    }

    private static void read(OwnedPartition partition, long from) throws IOException {
        for (int number = 0; number < URLS; number++) {
            Fingerprint fingerprint = new Fingerprint(from, number);
            NewUrl url =
                    new NewUrl(fingerprint, "http://x/" + from + "/" + number, "http://x", 0, 0, "http://x/", (byte) 0);
            boolean isNew = partition.apply(from + number, new Found(url)).isPresent();
            assertThat(isNew).isTrue();
        }
        for (int number = 0; number < URLS; number++) {
            var _ = partition.apply(
                    from + URLS + number, new Done(new Fingerprint(from, number), 0, new byte[] {1}, ""));
        }
        partition.read();
    }

    /** Twice would count twice, as for the limits of a host and for traps. */
    @Test
    void whatIsDone_isLearnedOnce_whetherItComesFromTheLogOrTheFolder() throws Exception {
        OwnedPartition partition = open();
        read(partition, 0);
        assertThat(learned).containsExactly(3L, 4L, 5L);
        assertThat(partition.frontier.waiting()).isZero();
        partition.close();

        learned.clear();
        OwnedPartition again = open();
        assertThat(again.position()).isEqualTo(6);
        read(again, 6);
        assertThat(learned).containsExactly(3L, 4L, 5L, 9L, 10L, 11L);
        assertThat(again.frontier.waiting()).isZero();
        again.close();
    }
}
