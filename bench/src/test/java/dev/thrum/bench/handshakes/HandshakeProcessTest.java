package dev.thrum.bench.handshakes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.bench.handshakes.HandshakeTimes.Times;
import dev.thrum.bench.peers.Certificate;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HandshakeProcessTest {
    @TempDir
    private static Path folder;

    @Test
    void handshakes_areDoneOnBothSides_fullAndResumed() throws Exception {
        HandshakeProcess process = new HandshakeProcess(Certificate.create(folder, Certificate.Kind.P256));

        for (boolean resumed : new boolean[] {false, true}) {
            HandshakeTimes times = process.perform(resumed, 1);
            assertThat(times.count()).isPositive();
            assertThat(times.step().max())
                    .isPositive()
                    .isLessThanOrEqualTo(times.whole().max());
            assertThat(times.step().p50()).isLessThanOrEqualTo(times.step().max());
        }
    }

    @Test
    void times_areReadAsTheyArePrinted() {
        HandshakeTimes times = new HandshakeTimes(7, new Times(1, 2, 3), new Times(4, 5, 6));

        assertThat(HandshakeTimes.parse(times.toString())).isEqualTo(times);
    }
}
