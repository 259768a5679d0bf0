package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code thrum serve --access-log} as a real process that is stopped while many clients send requests. */
@Timeout(300)
final class LogIT {
    private static final int CLIENTS = 200;

    /** The number of responses before the signal. */
    private static final int BEFORE = 4_000;

    private static final Pattern TARGET = Pattern.compile("/time\\?c=\\d+&r=\\d+");
    private static final Pattern DROPPED = Pattern.compile("\"dropped\":(\\d+)|dropped (\\d+) records");

    /** Many clients, and the requests that were answered. */
    private static final class Crowd {
        final ConcurrentLinkedQueue<String> answered = new ConcurrentLinkedQueue<>();
        final CountDownLatch enough = new CountDownLatch(BEFORE);
        final List<Thread> threads = new ArrayList<>();

        /** Each client sends four requests at a time until the server ends the connection. */
        static Crowd at(int port) {
            Crowd crowd = new Crowd();
            for (int client = 0; client < CLIENTS; client++) {
                String name = "/time?c=" + client + "&r=";
                crowd.threads.add(Thread.ofVirtual().start(() -> crowd.send(port, name)));
            }
            return crowd;
        }

        private void send(int port, String name) {
            try (Peer peer = new Peer(port)) {
                int requested = 0;
                int seen = 0;
                while (true) {
                    StringBuilder four = new StringBuilder();
                    for (int i = 0; i < 4; i++) {
                        four.append("GET ")
                                .append(name)
                                .append(requested++)
                                .append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    }
                    peer.send(four.toString());
                    while (seen < requested) {
                        readResponse(peer);
                        answered.add(name + seen++);
                        enough.countDown();
                    }
                }
            } catch (IOException e) {
                // The server has ended, as intended.
            }
        }

        private static void readResponse(Peer peer) throws IOException {
            int length = 0;
            @Nullable String line = peer.line();
            if (line != null && !line.equals("HTTP/1.1 200 OK")) {
                // Refused by a server that is stopping before it read the request: logged, but without a target.
                throw new IOException(line);
            }
            while (line != null && !line.isEmpty()) {
                length = line.startsWith("Content-Length: ") ? Integer.parseInt(line.substring(16)) : length;
                line = peer.line();
            }
            if (line == null) {
                throw new IOException("the end");
            }
            for (int i = 0; i < length; i++) {
                if (peer.read() < 0) {
                    throw new IOException("the end");
                }
            }
        }

        Set<String> awaitEnd() throws InterruptedException {
            for (Thread thread : threads) {
                assertThat(thread.join(java.time.Duration.ofSeconds(60))).isTrue();
            }
            return new TreeSet<>(answered);
        }
    }

    private static List<String> lines(Path folder) throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve("requests.log"))) {
            return lines.toList();
        }
    }

    private static List<String> targets(List<String> lines) {
        return lines.stream()
                .map(TARGET::matcher)
                .filter(Matcher::find)
                .map(Matcher::group)
                .toList();
    }

    private static long dropped(List<String> lines) {
        return lines.stream()
                .map(DROPPED::matcher)
                .filter(Matcher::find)
                .mapToLong(found -> Long.parseLong(found.group(1) == null ? found.group(2) : found.group(1)))
                .sum();
    }

    private static Set<String> stopDuringRequests(Child server) throws Exception {
        Crowd crowd = Crowd.at(server.port("web"));
        assertThat(crowd.enough.await(120, TimeUnit.SECONDS)).isTrue();
        server.signal("TERM");
        Set<String> answered = crowd.awaitEnd();
        assertThat(server.awaitExit()).isZero();
        return answered;
    }

    @ParameterizedTest
    @CsvSource({"virtual,json", "threads,common", "events,json"})
    void answeredRequest_isInTheLogOnce_whenSignalledDuringThousands(String engine, String format) throws Exception {
        Path data = Child.newFolder();
        try (Child server = Child.serve(
                "--engine",
                engine,
                "--max-threads",
                "300",
                "--data",
                data.toString(),
                "--access-log",
                "requests.log",
                "--access-log-format",
                format)) {
            Set<String> answered = stopDuringRequests(server);

            List<String> logged = targets(lines(data));
            assertThat(logged).doesNotHaveDuplicates();
            assertThat(new TreeSet<>(logged)).containsAll(answered);
            assertThat(answered.size()).isGreaterThanOrEqualTo(BEFORE);
            assertThat(dropped(lines(data))).isZero();
            assertThat(server.err())
                    .noneMatch(line -> line.contains("request log") || line.contains("records of requests"));
        }
    }

    @Test
    void answeredRequest_isInTheLogOrCounted_whenDroppingIsChosen() throws Exception {
        Path data = Child.newFolder();
        try (Child server = Child.serve(
                "--engine",
                "events",
                "--data",
                data.toString(),
                "--access-log",
                "requests.log",
                "--access-log-when-full",
                "drop",
                "--access-log-queue",
                "2")) {
            Set<String> answered = stopDuringRequests(server);

            List<String> logged = targets(lines(data));
            Set<String> missing = new TreeSet<>(answered);
            missing.removeAll(new TreeSet<>(logged));
            assertThat(logged).doesNotHaveDuplicates();
            assertThat(missing).isNotEmpty();
            // The dropped records may include responses that never reached their clients.
            assertThat(dropped(lines(data))).isGreaterThanOrEqualTo(missing.size());
            assertThat(server.err())
                    .anyMatch(line -> line.contains(dropped(data) + " records of requests were dropped"));
        }
    }

    private static long dropped(Path data) {
        try {
            return dropped(lines(data));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void answeredRequest_isInTheDatabaseOnce_whenSignalledDuringThousands() throws Exception {
        Path data = Child.newFolder();
        try (Child server = Child.serve("--data", data.toString(), "--access-log", "db", "--drain", "60s")) {
            Set<String> answered = stopDuringRequests(server);

            List<String> logged = targets(column(data, "SELECT target FROM request_log WHERE status = 200"));
            assertThat(logged).doesNotHaveDuplicates();
            assertThat(new TreeSet<>(logged)).containsAll(answered);
            assertThat(column(data, "SELECT dropped FROM request_log_gaps")).isEmpty();
        }
    }

    private static List<String> column(Path data, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("thrum.db"));
                var statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            List<String> column = new ArrayList<>();
            while (results.next()) {
                column.add(results.getString(1));
            }
            return column;
        }
    }

    @Test
    void fullDisk_delaysNoClient_andIsReportedOnce_withTheNumberOfMissingRecords() throws Exception {
        Path data = Child.newFolder();
        Path log = Files.createSymbolicLink(data.resolve("requests.log"), Path.of("/dev/full"));
        try (Child server =
                Child.serve("--data", data.toString(), "--access-log", "requests.log", "--access-log-queue", "10")) {
            try (Peer peer = new Peer(server.port("web"))) {
                for (int i = 0; i < 100; i++) {
                    peer.send("GET /time?c=0&r=" + i + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    Crowd.readResponse(peer);
                }
                String _ = server.awaitErr("cannot write the request log to ");
                Files.delete(log);
                String _ = server.awaitErr("is written to " + log + " again");
            }
            server.signal("TERM");
            assertThat(server.awaitExit()).isZero();

            List<String> lines = lines(data);
            assertThat(targets(lines).size() + dropped(lines)).isEqualTo(100);
            assertThat(dropped(lines)).isPositive();
            assertThat(server.err().stream().filter(line -> line.contains("cannot write the request log")))
                    .hasSize(1);
        }
    }

    @Test
    void logThatCannotBeOpened_isReportedInOneLine_atStart() throws Exception {
        Path data = Child.newFolder();
        Path folder = Files.createDirectory(data.resolve("requests.log"));
        try (Child server =
                Child.thrum(Child.freePorts(), "serve", "--data", data.toString(), "--access-log", folder.toString())) {
            assertThat(server.awaitExit()).isEqualTo(1);
            assertThat(server.err())
                    .singleElement()
                    .asString()
                    .startsWith("thrum: cannot write the log of requests to " + folder + ": Is a directory; ")
                    .endsWith("name another file with --access-log");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "/dev/stdout"})
    void standardOutput_canBeTheLog_evenIfItIsAPipe(String name) throws Exception {
        try (Child server = Child.serve("--access-log", name, "--access-log-format", "json")) {
            try (Peer peer = new Peer(server.port("web"))) {
                peer.send("GET /time?c=1&r=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
                Crowd.readResponse(peer);
            }
            server.signal("TERM");
            assertThat(server.awaitExit()).isZero();
            assertThat(targets(server.out())).containsExactly("/time?c=1&r=1");
            assertThat(server.err()).noneMatch(line -> line.contains("request log"));
        }
    }
}
