package dev.thrum.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Server;
import dev.thrum.testkit.ChildJvm;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said where io_uring can't be used. Each case needs a JVM of its own. */
final class RingRefusedTest {
    private static final String OPEN = "--add-opens=java.base/java.lang=ALL-UNNAMED";
    private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
    private static final String UNSAFE = "--sun-misc-unsafe-memory-access=allow";
    private static final String DENY = "--illegal-native-access=deny";

    /** Tries to open the engine, and says how that went. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            try (var engine =
                    EventEngine.open(EventOptions.defaults().withLoops(1).withTransport(TransportKind.IO_URING))) {
                System.out.println("opened " + engine.name());
            } catch (UnsupportedOperationException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }

    @BeforeEach
    void needRing() {
        Available.here(EventOptions.defaults().withTransport(TransportKind.IO_URING));
    }

    /** What a program has printed, without what its log says about itself. */
    private static String said(String output) {
        return output.lines().filter(line -> !line.startsWith("SLF4J")).collect(Collectors.joining("\n"));
    }

    private static String runBelow(String rule, Class<?> program) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return said(ChildJvm.run(
                ":",
                BelowSeccomp.class,
                NATIVE,
                "--",
                rule,
                java,
                OPEN,
                NATIVE,
                UNSAFE,
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    }

    /** The calls are io_uring_setup, io_uring_register (with IORING_REGISTER_PBUF_RING) and io_uring_enter. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            425,1       | io_uring_setup was refused (EPERM)
            425,38      | io_uring_setup was refused (ENOSYS)
            425,22      | io_uring_setup was refused (EINVAL)
            425,13      | io_uring_setup was refused (EACCES)
            427,22,1=22 | io_uring_register (a ring of buffers) was refused (EINVAL)
            426,1       | io_uring_enter was refused (EPERM)
            """)
    void problem_saysWhichStepWasRefusedAndWhatToAllow_belowASeccompFilter(String rule, String step) throws Exception {
        assertThat(runBelow(rule, Program.class))
                .startsWith("refused: expected a system with io_uring but there is none: " + step)
                .contains("a seccomp filter")
                .contains("allow io_uring_setup, io_uring_enter and io_uring_register")
                .doesNotContain("\n");
    }

    /** The JVM can forbid native calls, and then says nothing of io_uring. */
    @Test
    void problem_namesTheFlag_whenTheJvmForbidsNativeCalls() throws Exception {
        assertThat(said(ChildJvm.run(":", Program.class, OPEN, UNSAFE, DENY)))
                .isEqualTo("refused: expected a system with io_uring but there is none: the JVM forbids native calls:"
                        + " run it with --enable-native-access=ALL-UNNAMED");
    }

    @Test
    void engine_opens_whenTheJvmForbidsNativeCallsExceptForItsClassPath() throws Exception {
        assertThat(said(ChildJvm.run(":", Program.class, OPEN, UNSAFE, DENY, NATIVE)))
                .isEqualTo("opened events");
    }

    /** Only saves a look-up with each call: a kernel or a filter without it is no obstacle. */
    @Test
    void engine_opens_whenTheRingsOwnDescriptorCannotBeRegistered() throws Exception {
        assertThat(runBelow("427,22,1=20", Program.class)).isEqualTo("opened events");
    }

    /**
     * Out of memory for chunks: a mapping of 16 KiB of private memory (flags 0x22) is refused. The numbers of mmap(2) are those of
     * x86-64 and AArch64.
     */
    @Test
    void connectionThatWritesIsReset_andTheLoopLives_withoutMemoryForOutput() throws Exception {
        int mmap = System.getProperty("os.arch").equals("aarch64") ? 222 : 9;
        assertThat(runBelow(mmap + ",12,1=16384,3=34", OutOfMemory.class).lines())
                .containsExactly(
                        "handler: expected memory for output but there is none: the connection is reset",
                        "client: Connection reset",
                        "next handler: 3 bytes");
    }

    /** Serves a client to which it writes, and then one that it only reads. */
    static final class OutOfMemory {
        private OutOfMemory() {}

        public static void main(String[] args) throws Exception {
            EventOptions options = EventOptions.defaults().withLoops(1).withTransport(TransportKind.IO_URING);
            CompletableFuture<String> read = new CompletableFuture<>();
            CompletableFuture<String> wrote = new CompletableFuture<>();
            ConnectionHandler handler = connection -> {
                if (connection.reader().read() == 'r') {
                    read.complete("next handler: " + (1 + connection.reader().readExactly(2).length) + " bytes");
                    return;
                }
                try {
                    connection.writer().write("x");
                    connection.writer().flush();
                } catch (IOException e) {
                    wrote.complete("handler: " + e.getMessage());
                }
            };
            try (Engine engine = EventEngine.open(options)) {
                Server server = Talk.listen(engine, handler);
                try (Socket client = new Socket(
                        server.address().getAddress(), server.address().getPort())) {
                    client.getOutputStream().write('w');
                    System.out.println(wrote.get());
                    System.out.println("client: " + outcome(client));
                }
                try (Socket client = new Socket(
                        server.address().getAddress(), server.address().getPort())) {
                    client.getOutputStream().write(new byte[] {'r', 'r', 'r'});
                    System.out.println(read.get());
                }
            }
        }

        private static String outcome(Socket client) {
            try {
                return "read " + client.getInputStream().read();
            } catch (IOException e) {
                return String.valueOf(e.getMessage());
            }
        }
    }
}
