package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The heap has a limit, which the user can change. */
@Timeout(120)
final class HeapIT {
    private static long maxHeap(String options) throws IOException {
        Map<String, String> variables = Map.of("JDK_JAVA_OPTIONS", options + " -XX:+PrintFlagsFinal -XX:AOTMode=on");
        try (Child thrum = Child.thrum(variables, "--version")) {
            assertThat(thrum.awaitExit()).as("%s", thrum.err()).isZero();
            List<String> sizes = thrum.out().stream()
                    .filter(line -> line.contains(" MaxHeapSize "))
                    .toList();
            assertThat(sizes).hasSize(1);
            return Long.parseLong(sizes.getFirst().replaceAll(".* = (\\d+) .*", "$1"));
        }
    }

    @Test
    void heap_byDefault_isBounded() throws IOException {
        assertThat(maxHeap("")).isPositive().isLessThanOrEqualTo(512L << 20);
    }

    @Test
    void heap_whenTheUserSetsIt_hasThatSize_andTheCacheStillFits() throws IOException {
        assertThat(maxHeap("-Xmx1g")).isEqualTo(1L << 30);
    }
}
