package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code thrum files} and {@code thrum serve --files} as real processes, with curl, wget and sockets. */
@Timeout(180)
final class FilesIT {
    private static final int LARGE = 20 << 20;

    @TempDir
    private Path folder;

    @TempDir
    private Path downloads;

    private Path large() throws IOException {
        byte[] bytes = new byte[LARGE];
        new Random(1).nextBytes(bytes);
        return Files.write(folder.resolve("large.bin"), bytes);
    }

    private Child serve(String... flags) throws IOException {
        String[] arguments = new String[flags.length + 2];
        arguments[0] = "files";
        arguments[1] = folder.toString();
        System.arraycopy(flags, 0, arguments, 2, flags.length);
        return Child.thrum(Map.of("THRUM_PORT", "0"), arguments).awaitServing();
    }

    private static String url(Child server, String path) {
        return "http://127.0.0.1:" + server.port("files") + path;
    }

    private static List<String> run(String... command) throws IOException {
        try (Child child = Child.start(Map.of(), List.of(command))) {
            assertThat(child.awaitExit()).as("%s", child.err()).isZero();
            return child.out();
        }
    }

    /** Downloads the first part of the file, as if the connection had broken in the middle. */
    private Path startDownload(Child server) throws IOException {
        Path part = downloads.resolve("large.bin");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port("files"));
                OutputStream out = Files.newOutputStream(part)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write("GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            for (int ends = 0; ends < 4; ) {
                int c = in.read();
                ends = c == "\r\n\r\n".charAt(ends) ? ends + 1 : c == '\r' ? 1 : 0;
            }
            out.write(in.readNBytes(LARGE / 2 + 12_345));
        }
        return part;
    }

    @ParameterizedTest
    @ValueSource(strings = {"virtual", "threads", "events"})
    void brokenDownload_isResumedByCurl(String engine) throws IOException {
        Needs.command("curl");
        Path file = large();
        try (Child server = serve("--engine", engine)) {
            Path part = startDownload(server);
            List<String> reported = run(
                    "curl",
                    "--disable",
                    "--fail",
                    "--silent",
                    "--show-error",
                    "-C",
                    "-",
                    "--output",
                    part.toString(),
                    "--write-out",
                    "%{http_code} %{size_download}",
                    url(server, "/large.bin"));
            assertThat(reported).containsExactly("206 " + (LARGE - LARGE / 2 - 12_345));
            assertThat(part).hasSameBinaryContentAs(file);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"virtual", "threads", "events"})
    void brokenDownload_isResumedByWget(String engine) throws IOException {
        Needs.command("wget");
        Path file = large();
        try (Child server = serve("--engine", engine)) {
            Path part = startDownload(server);
            try (Child wget = Child.start(
                    Map.of(),
                    List.of(
                            "wget",
                            "--no-config",
                            "--no-proxy",
                            "-c",
                            "-P",
                            downloads.toString(),
                            url(server, "/large.bin")))) {
                assertThat(wget.awaitExit()).as("%s", wget.err()).isZero();
                assertThat(wget.err()).anyMatch(line -> line.contains("206 Partial Content"));
            }
            assertThat(part).hasSameBinaryContentAs(file);
        }
    }

    @Test
    void fileWithANonAsciiName_isServed() throws IOException {
        Needs.command("curl");
        Files.writeString(folder.resolve("Grüße 世界.txt"), "hello");
        try (Child server = serve()) {
            assertThat(run("curl", "-fsS", url(server, "/Gr%C3%BC%C3%9Fe%20%E4%B8%96%E7%95%8C.txt")))
                    .containsExactly("hello");
            assertThat(run("curl", "-fsS", "-H", "Accept: application/json", url(server, "/")))
                    .anyMatch(line -> line.contains("\"name\":\"Grüße 世界.txt\""));
        }
    }

    @Test
    void files_underTheWebService_areServed() throws IOException {
        Needs.command("curl");
        Files.writeString(folder.resolve("hello.txt"), "hello\n");
        try (Child server = Child.serve("--files", folder.toString())) {
            String web = "http://127.0.0.1:" + server.port("web");
            assertThat(run("curl", "-fsS", web + "/files/hello.txt")).containsExactly("hello");
            assertThat(run("curl", "-fsS", "-L", web + "/files")).anyMatch(line -> line.contains("hello.txt"));
            assertThat(run("curl", "-fsS", web + "/")).anyMatch(line -> line.contains("\"/files/\":"));
            assertThat(run("curl", "-fsS", "-H", "Accept: text/html", web + "/"))
                    .anyMatch(line -> line.contains("href=\"/files/\""));
            assertThat(run("curl", "-sS", web + "/files/none")).containsExactly("{\"error\":\"Not found\"}");
            assertThat(run("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-X", "PUT", web + "/files/x"))
                    .containsExactly("405");
            assertThat(run("curl", "-fsS", "http://127.0.0.1:" + server.port("admin") + "/metrics"))
                    .anyMatch(line -> line.contains("route=\"/files/{path...}\",status=\"200\""));
        }
    }

    @Test
    void downloadInFlight_finishes_whenSignalled() throws IOException {
        Path file = large();
        try (Child server = serve("--drain", "60s");
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port("files"))) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write("GET /large.bin HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] first = socket.getInputStream().readNBytes(1_000);
            server.signal("TERM");
            server.awaitErr("draining: 1 conversations");
            byte[] rest = socket.getInputStream().readAllBytes();
            String head = new String(first, StandardCharsets.ISO_8859_1);
            int length = head.indexOf("\r\n\r\n") + 4;
            assertThat(first.length + rest.length - length).isEqualTo(Files.size(file));
            assertThat(server.awaitExit()).isZero();
        }
    }

    @Test
    void missingFolder_isReportedInOneLine_withStatusOne() throws IOException {
        for (List<String> command :
                List.of(List.of("files", "none", "--port", "0"), List.of("serve", "--files", "none"))) {
            try (Child child = Child.thrum(Child.freePorts(), command.toArray(String[]::new))) {
                assertThat(child.awaitExit()).isEqualTo(1);
                assertThat(child.out()).isEmpty();
                assertThat(child.err())
                        .containsExactly("thrum: cannot serve the files of none: there is no such folder");
            }
        }
    }

    /** A client that is already connected requests a file that has not been requested before. */
    @Test
    void file_whenNoDescriptorsAreLeft_isUnavailable_untilThereAre() throws IOException {
        Files.writeString(folder.resolve("one.txt"), "one");
        Files.writeString(folder.resolve("two.txt"), "two");
        List<String> command = List.of(
                "bash",
                "-c",
                "ulimit -n 120; exec \"$0\" files \"$1\" 2>&1",
                Child.command().getFirst(),
                folder.toString());
        List<Socket> crowd = new ArrayList<>();
        try (Child server = Child.start(Map.of("THRUM_PORT", "0"), command).awaitServing();
                Peer client = new Peer(server.port("files"))) {
            assertThat(get(client, "/one.txt")).startsWith("HTTP/1.1 200 ");
            for (int i = 0; i < 120; i++) {
                crowd.add(new Socket(InetAddress.getLoopbackAddress(), server.port("files")));
            }
            String _ = server.awaitOut("pauses: Too many open files");
            assertThat(get(client, "/two.txt")).startsWith("HTTP/1.1 503 ");
            assertThat(get(client, "/two.txt")).startsWith("HTTP/1.1 503 ");
            assertThat(server.awaitOut("can't be read"))
                    .endsWith("a file can't be read: " + folder.resolve("two.txt") + ": Too many open files");
            for (Socket socket : crowd) {
                socket.close();
            }
            // The descriptors are free as soon as the server notices that the clients have left.
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (!get(client, "/two.txt").startsWith("HTTP/1.1 200 ")) {
                assertThat(System.nanoTime() - end)
                        .as("nanoseconds after the deadline for free descriptors")
                        .isNegative();
            }
            assertThat(server.awaitOut("can be read")).endsWith("files can be read again");
        }
    }

    /** The status line of a response; reads its body, too, which has no line end. */
    private static String get(Peer client, String path) throws IOException {
        client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        String status = String.valueOf(client.line());
        int length = 0;
        for (String line = client.line(); line != null && !line.isEmpty(); line = client.line()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length: ")) {
                length = Integer.parseInt(line.substring("content-length: ".length()));
            }
        }
        for (int i = 0; i < length; i++) {
            assertThat(client.read()).isNotNegative();
        }
        return status;
    }
}
