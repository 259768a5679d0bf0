package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Large transfers over TLS with packaged servers, curl and OpenSSL: nothing is lost, also while a server drains. */
@Timeout(600)
final class TlsTransfersIT {
    private static final boolean SOAK = Boolean.getBoolean("thrum.soak");
    private static final int BULK = SOAK ? 300_000_000 : 12_000_000;
    private static final long SPARSE = SOAK ? 1L << 30 : 1L << 26;
    private static final int LINE = 999;

    @TempDir
    private static Path folder;

    @TempDir
    private static Path issued;

    private static final Map<String, Child> servers = new HashMap<>();
    private static TestCertificates certificates;
    private static String authority;

    @TempDir
    private Path own;

    @BeforeAll
    static void start() throws IOException {
        certificates = new TestCertificates(issued).server("server");
        authority = certificates.chain("ca").toString();
        for (String engine : List.of("threads", "virtual", "events")) {
            servers.put(engine, serve(engine));
        }
    }

    @AfterAll
    static void stop() {
        servers.values().forEach(Child::close);
    }

    private static Child serve(String engine) throws IOException {
        return Child.serve(
                "--engine",
                engine,
                "--tls",
                "web,echo",
                "--files",
                folder.toString(),
                "--tls-cert",
                certificates.chain("server").toString(),
                "--tls-key",
                certificates.key("server").toString());
    }

    private static String url(Child server, String name) {
        return "https://localhost:" + server.port("web") + "/files/" + name;
    }

    private static Path bulk(int size) throws IOException {
        Path file = folder.resolve("bulk" + size + ".bin");
        byte[] piece = new byte[1_000_000];
        Random random = new Random(1);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int done = 0; done < size; done += piece.length) {
                random.nextBytes(piece);
                out.write(piece);
            }
        }
        return file;
    }

    private Child curl(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("curl", "--disable", "-fsS", "--cacert", authority));
        command.addAll(List.of(arguments));
        return Child.start(Map.of(), command);
    }

    private List<String> curled(String... arguments) throws IOException {
        try (Child curl = curl(arguments)) {
            assertThat(curl.awaitExit()).as("%s", curl.err()).isZero();
            return curl.out();
        }
    }

    @ParameterizedTest
    @CsvSource({"threads,1.3", "virtual,1.2", "virtual,1.3", "events,1.2", "events,1.3"})
    void download_isEqual(String engine, String version) throws IOException {
        Needs.command("curl");
        Path source = bulk(BULK);
        Path copy = own.resolve("copy.bin");
        curled(
                "--tls-max",
                version,
                "-o",
                copy.toString(),
                url(
                        Objects.requireNonNull(servers.get(engine)),
                        source.getFileName().toString()));
        assertThat(Files.mismatch(copy, source)).isEqualTo(-1);
    }

    /** Lines to the echo server and back at the same time; OpenSSL reads and writes in turn, as each finds room. */
    @ParameterizedTest
    @CsvSource({"threads,1_3", "virtual,1_2", "virtual,1_3", "events,1_2", "events,1_3"})
    void upload_comesBackEqual(String engine, String version) throws IOException {
        Needs.command("openssl");
        Path sent = own.resolve("sent.txt");
        Path expected = own.resolve("expected.txt");
        writeLines(sent, expected);
        Path received = own.resolve("received.txt");
        try (Child client = Child.start(
                Map.of(),
                List.of(
                        "sh",
                        "-c",
                        "exec openssl s_client -quiet -tls" + version + " -connect localhost:"
                                + Objects.requireNonNull(servers.get(engine)).port("echo") + " <" + sent + " >"
                                + received))) {
            assertThat(client.awaitExit()).as("%s", client.err()).isZero();
            assertThat(Files.mismatch(received, expected)).isEqualTo(-1);
        }
    }

    private static void writeLines(Path sent, Path expected) throws IOException {
        Random random = new Random(2);
        byte[] line = new byte[LINE];
        try (BufferedWriter out = Files.newBufferedWriter(sent);
                BufferedWriter back = Files.newBufferedWriter(expected)) {
            back.write("Welcome to the Thrum echo server!\r\n");
            for (int i = 0; i < BULK / (LINE + 1); i++) {
                for (int k = 0; k < LINE; k++) {
                    line[k] = (byte) ('a' + random.nextInt(26));
                }
                String text = new String(line, StandardCharsets.US_ASCII);
                out.write(text + "\n");
                back.write("Echo: " + text + "\r\n");
            }
            out.write("quit\n");
            back.write("Echo: quit\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"virtual", "events"})
    void sparseFile_isWholeInRanges(String engine) throws IOException {
        Needs.command("curl");
        Path source = folder.resolve("sparse.bin");
        long[] cuts = {0, 1, SPARSE / 3, SPARSE / 2 + 1, SPARSE - 1, SPARSE};
        try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
            file.setLength(SPARSE);
            byte[] content = new byte[1000];
            new Random(3).nextBytes(content);
            for (long cut : cuts) {
                file.seek(Math.clamp(cut - 500, 0, SPARSE - content.length));
                file.write(content);
            }
        }
        Path whole = Files.createFile(own.resolve("whole.bin"));
        Path part = own.resolve("part.bin");
        for (int i = 1; i < cuts.length; i++) {
            String range = cuts[i - 1] + "-" + (cuts[i] - 1);
            assertThat(curled(
                            "-r",
                            range,
                            "-o",
                            part.toString(),
                            "-w",
                            "%{http_code} %{size_download}",
                            url(Objects.requireNonNull(servers.get(engine)), "sparse.bin")))
                    .containsExactly("206 " + (cuts[i] - cuts[i - 1]));
            append(part, whole);
        }
        assertThat(Files.mismatch(whole, source)).isEqualTo(-1);
    }

    private static void append(Path part, Path whole) throws IOException {
        try (FileChannel from = FileChannel.open(part);
                FileChannel into = FileChannel.open(whole, StandardOpenOption.APPEND)) {
            long done = 0;
            while (done < from.size()) {
                done += from.transferTo(done, from.size() - done, into);
            }
        }
    }

    /** Each response that has begun is sent in whole, although the server is told to end in the middle of all. */
    @ParameterizedTest
    @ValueSource(strings = {"threads", "virtual", "events"})
    void responsesThatHaveBegun_areWhole_whenTheServerDrains(String engine) throws IOException {
        Needs.command("curl");
        Needs.signal("TERM");
        // More than socket buffers hold, so that the server is still writing when it is told to end.
        Path source = bulk(24_000_000);
        List<Child> clients = new ArrayList<>();
        try (Child server = serve(engine)) {
            String url = url(server, source.getFileName().toString());
            for (int i = 0; i < 4; i++) {
                clients.add(curl(
                        "-v",
                        "--limit-rate",
                        "8M",
                        "-o",
                        own.resolve("copy" + i).toString(),
                        url));
            }
            for (Child client : clients) {
                client.awaitErr("< HTTP/1.1 200");
                client.signal("STOP");
            }
            server.signal("TERM");
            server.awaitErr("draining: 4 conversations");
            try (Child late = curl(url)) {
                // Refused; or the connection is ended or told why in its handshake.
                assertThat(late.awaitExit()).as("%s", late.err()).isIn(7, 35, 56);
            }
            for (Child client : clients) {
                client.signal("CONT");
            }
            for (int i = 0; i < clients.size(); i++) {
                assertThat(clients.get(i).awaitExit())
                        .as("%s", clients.get(i).err())
                        .isZero();
                assertThat(Files.mismatch(own.resolve("copy" + i), source)).isEqualTo(-1);
            }
            assertThat(server.awaitExit()).as("%s", server.err()).isZero();
            assertThat(server.err()).noneMatch(line -> line.contains("Exception"));
        } finally {
            clients.forEach(Child::close);
        }
    }
}
