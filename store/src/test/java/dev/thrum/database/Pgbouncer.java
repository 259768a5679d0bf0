package dev.thrum.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real connection pooler in front of the tests' PostgreSQL server. */
public final class Pgbouncer implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

    private final Process process;
    private final int port;

    private Pgbouncer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Skips the test if pgbouncer is missing; with {@code CI=true} the test fails. */
    public static void need() {
        boolean installed = Files.isExecutable(PROGRAM);
        String message = "needs " + PROGRAM + ": install it (Debian: apt install pgbouncer)";
        if ("true".equals(System.getenv("CI"))) {
            assertThat(installed).as(message).isTrue();
        } else {
            assumeTrue(installed, "not run: " + message);
        }
    }

    public static Pgbouncer start(Path folder, String mode, int pool) throws IOException {
        int port = freePort();
        Path settings = Files.writeString(folder.resolve("pgbouncer.ini"), """
                [databases]
                * = host=127.0.0.1 port=%s user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %s
                unix_socket_dir =
                auth_type = any
                pool_mode = %s
                default_pool_size = %s
                ignore_startup_parameters = extra_float_digits
                """.formatted(
                        String.valueOf(PostgresServer.port()), String.valueOf(port), mode, String.valueOf(pool)));
        // pgbouncer refuses to run as root.
        List<String> command = "root".equals(System.getProperty("user.name"))
                ? List.of(PROGRAM.toString(), "-q", "-u", "nobody", settings.toString())
                : List.of(PROGRAM.toString(), "-q", settings.toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("pgbouncer.out").toFile())
                .start();
        Pgbouncer pooler = new Pgbouncer(process, port);
        try {
            Waits.until("the pooler listens", () -> process.isAlive() && listens(port));
        } catch (AssertionError e) {
            pooler.close();
            e.addSuppressed(new AssertionError(Files.readString(folder.resolve("pgbouncer.out"))));
            throw e;
        }
        return pooler;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public Source source(String database) {
        return Source.postgresql("postgresql://postgres@127.0.0.1:" + port + "/" + database, Map.of());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
