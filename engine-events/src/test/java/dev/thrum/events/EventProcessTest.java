package dev.thrum.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.testkit.ChildJvm;
import dev.thrum.testkit.OutOfDescriptors;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that need a JVM of their own. */
final class EventProcessTest {
    private static final String OPEN = "--add-opens=java.base/java.lang=ALL-UNNAMED";
    private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
    private static final String UNSAFE = "--sun-misc-unsafe-memory-access=allow";

    /** Without {@link Pollers} the JDK's poller would run on the loop that this handler blocks. */
    @Test
    void socket_isRead_whenItsFirstReaderIsAPinnedHandler() throws Exception {
        Available.here(EventOptions.defaults().withTransport(TransportKind.EPOLL));
        assertThat(ChildJvm.run(":", FirstSocketInHandler.class, OPEN, NATIVE, UNSAFE))
                .contains("read 42");
    }

    static final class Program {
        private Program() {}

        public static void main(String[] args) throws Exception {
            // This test isn't about stalls, and on a busy machine loading classes is one.
            EventOptions options = EventOptions.defaults()
                    .withLoops(1)
                    .withTransport(TransportKind.valueOf(args[0]))
                    .withStall(Duration.ofMinutes(1));
            OutOfDescriptors.play(EventEngine.open(options));
        }
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void listener_pausesLogsOnceAndRecovers_whenDescriptorsRunOut(TransportKind transport) throws Exception {
        Available.here(EventOptions.defaults().withTransport(transport));
        OutOfDescriptors.verify(
                ChildJvm.run("ulimit -n 90", Program.class, OPEN, NATIVE, UNSAFE, "--", transport.name()));
    }

    /** Without --add-opens every event is handed over to an ordinary virtual thread. */
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void contract_holds_whenVirtualThreadsCannotBeGivenAScheduler(TransportKind transport) throws Exception {
        Available.here(EventOptions.defaults().withTransport(transport));
        String output = ChildJvm.run(":", HandedOver.class, "-Xmx1g", NATIVE, UNSAFE, "--", transport.name());
        assertThat(output)
                .contains("events hands every event over to another thread")
                .contains("Run the JVM with --add-opens=java.base/java.lang=ALL-UNNAMED")
                .containsPattern("passed: [1-9]\\d+, failed: 0, all: [1-9]\\d+, carried: 0");
    }

    /** Without Netty's native library, whose method sends files, the kernel sends from mappings. */
    @Test
    void files_areSentFromMappings_whenNettysMethodIsMissing() throws Exception {
        Available.here(EventOptions.defaults().withTransport(TransportKind.IO_URING));
        String output = ChildJvm.run(
                ":",
                HandedOver.class,
                "-Xmx1g",
                "-Dio.netty.transport.noNative=true",
                OPEN,
                NATIVE,
                UNSAFE,
                "--",
                "IO_URING",
                "fileArrives_whenItIsTransferredInParts",
                "fileArrives_whenClientStartsToReadLate",
                "fileArrives_whenItIsInAnArchive",
                "rightBytesArrive_whenOffsetsAndCountsAreBeyondAnInt",
                "transferFails_whenFileIsShorterThanRequested");
        assertThat(output).contains("passed: 5, failed: 0, all: 5, carried: 5").contains("sendfile: false");
    }
}
