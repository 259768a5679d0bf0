package dev.thrum.app.crawl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Child;
import dev.thrum.app.Needs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code thrum fetch} as a process: what it prints, how it ends, and what is in the folder then. */
@Timeout(180)
final class FetchIT {
    private static final String ETAG = "ETag: \"1\"\r\n";

    @TempDir
    private Path folder;

    private Child fetch(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("fetch", "--out", folder.toString()));
        all.addAll(List.of(arguments));
        return Child.thrum(Map.of("LC_ALL", "C.UTF-8"), all.toArray(String[]::new));
    }

    private static void page(String target, Map<String, String> fields, OutputStream out) throws IOException {
        switch (target) {
            case "/missing" -> RawServer.respond(out, "404 Not Found", "", new byte[0]);
            case "/hostile" ->
                RawServer.respond(
                        out,
                        "200 OK",
                        "Content-Disposition: attachment; filename=\"..\\..\\\u001b[31mred\"\r\n",
                        "\u001b]0;title\u0007one\ntwo\u009b2J\n".getBytes(UTF_8));
            default -> RawServer.respond(out, "200 OK", ETAG, ("file " + target).getBytes(UTF_8));
        }
    }

    private List<String> saved() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void files_areSaved_andTheLastLineSumsUp() throws IOException {
        try (RawServer server = new RawServer(FetchIT::page);
                Child child = fetch(server.url("/a.txt"), server.url("/b.txt"))) {
            assertThat(child.awaitExit()).as("%s", child.err()).isZero();
            assertThat(saved()).containsExactly("a.txt", "b.txt");
            assertThat(folder.resolve("a.txt")).hasContent("file /a.txt");
            assertThat(child.out())
                    .hasSize(3)
                    .contains(
                            "saved a.txt, 11 bytes, from " + server.url("/a.txt"),
                            "saved b.txt, 11 bytes, from " + server.url("/b.txt"));
            assertThat(child.out().getLast()).matches("2 files, 22 bytes in \\d+\\.\\d{3} s, .*/s(; .*)?");
            assertThat(child.err()).isEmpty();
        }
    }

    @Test
    void urlsThatFail_failByThemselves() throws IOException {
        try (RawServer server = new RawServer(FetchIT::page);
                Child child = fetch(server.url("/a"), "ftp://example.org/b", server.url("/missing"), "--json")) {
            assertThat(child.awaitExit()).isEqualTo(1);
            assertThat(saved()).containsExactly("a");
            assertThat(child.out()).hasSize(3);
            String json = String.join("\n", child.out());
            assertThat(json)
                    .contains(
                            "{\"url\":\"" + server.url("/a") + "\",\"result\":\"saved\",\"final\":\"" + server.url("/a")
                                    + "\",\"name\":\"a\",\"bytes\":7,\"transferred\":7,\"resumed\":false,\"attempts\":1}")
                    .contains(
                            "{\"url\":\"ftp://example.org/b\",\"result\":\"failed\",\"status\":0,\"attempts\":0,\"error\":")
                    .contains("{\"url\":\"" + server.url("/missing")
                            + "\",\"result\":\"failed\",\"status\":404,\"attempts\":1,\"error\":");
            assertThat(String.join("\n", child.err()))
                    .contains("thrum fetch: \"ftp://example.org/b\": ")
                    .contains("thrum fetch: \"" + server.url("/missing") + "\": ")
                    .contains("1 of 3 files, 7 bytes in ");
        }
    }

    @Test
    void noUrlThatIsWellFormed_isWrongUsage() throws IOException {
        try (Child child = fetch("ftp://example.org/b", "http://")) {
            assertThat(child.awaitExit()).isEqualTo(2);
            assertThat(child.err()).hasSize(2).allMatch(line -> line.startsWith("thrum fetch: \""));
            assertThat(saved()).isEmpty();
        }
    }

    @Test
    void file_withUrls_mayBeTheStandardInput() throws IOException {
        try (RawServer server = new RawServer(FetchIT::page);
                Child child = fetch("-i", "-")) {
            child.type(
                    "\ufeff# a list\n\n  " + server.url("/a") + "  \r\n" + server.url("/b") + "\n" + server.url("/a"));
            assertThat(child.awaitExit()).as("%s", child.err()).isZero();
            assertThat(saved()).containsExactly("a", "b");
            assertThat(child.err()).containsExactly("thrum fetch: 1 URL was named again and is fetched once");
        }
    }

    @Test
    void folderThatIsAFile_isAFailure() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        try (Child child = Child.thrum("fetch", "http://127.0.0.1:1/", "--out", file.toString())) {
            assertThat(child.awaitExit()).isEqualTo(1);
            assertThat(child.err())
                    .singleElement()
                    .asString()
                    .startsWith("thrum: ")
                    .contains(file.toString());
        }
    }

    @Test
    void controlCharactersOfAServer_areNeverPrinted() throws IOException {
        try (RawServer server = new RawServer(FetchIT::page)) {
            for (List<String> flags : List.<List<String>>of(
                    List.of(), List.of("--json"), List.of("--head", "100"), List.of("--head", "100", "--json"))) {
                List<String> arguments = new ArrayList<>(flags);
                arguments.add(server.url("/hostile"));
                try (Child child = fetch(arguments.toArray(String[]::new))) {
                    assertThat(child.awaitExit()).as("%s", child.err()).isZero();
                    assertThat(String.join("", child.out()) + String.join("", child.err()))
                            .doesNotMatch(Pattern.compile(".*\\p{Cntrl}.*", Pattern.UNICODE_CHARACTER_CLASS));
                }
            }
            assertThat(saved()).singleElement().asString().contains("red");
        }
    }

    @Test
    void head_isPrinted_andNothingIsSaved() throws IOException {
        try (RawServer server = new RawServer(FetchIT::page);
                Child child = fetch("--head", "6", server.url("/abc"))) {
            assertThat(child.awaitExit()).as("%s", child.err()).isZero();
            assertThat(child.out().subList(0, 2)).containsExactly("==> " + server.url("/abc") + " <==", "file /");
            assertThat(saved()).isEmpty();
        }
    }

    @Test
    void wrongDigest_isAFailure_andNoFileHasTheName() throws IOException {
        try (RawServer server = new RawServer(FetchIT::page);
                Child child = fetch("--sum", "sha256:" + "0".repeat(64), server.url("/a"))) {
            assertThat(child.awaitExit()).isEqualTo(1);
            assertThat(saved()).isEmpty();
            assertThat(child.err()).singleElement().asString().contains("sha256:");
        }
    }

    @Test
    void completeFile_isNotFetchedAgain() throws IOException {
        RawServer.Responder responder = (target, fields, out) -> {
            if (fields.containsKey("if-none-match")) {
                out.write(("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n" + ETAG + "\r\n").getBytes(UTF_8));
            } else {
                page(target, fields, out);
            }
        };
        try (RawServer server = new RawServer(responder)) {
            try (Child child = fetch(server.url("/a"))) {
                assertThat(child.awaitExit()).as("%s", child.err()).isZero();
            }
            try (Child child = fetch(server.url("/a"))) {
                assertThat(child.awaitExit()).as("%s", child.err()).isZero();
                assertThat(child.out()).contains("kept a, 7 bytes, which is complete, from " + server.url("/a"));
            }
            assertThat(saved()).containsExactly("a");
        }
    }

    @Test
    void serverThatIsBusy_isTriedAgain_afterThePauseItWants() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        RawServer.Responder responder = (target, fields, out) -> {
            if (requests.incrementAndGet() < 3) {
                RawServer.respond(out, "503 Service Unavailable", "Retry-After: 1\r\n", new byte[0]);
            } else {
                page(target, fields, out);
            }
        };
        try (RawServer server = new RawServer(responder);
                Child child = fetch(server.url("/a"), "--json")) {
            assertThat(child.awaitExit()).as("%s", child.err()).isZero();
            assertThat(child.out()).singleElement().asString().contains("\"attempts\":3");
        }
        try (RawServer server = new RawServer((target, fields, out) ->
                        RawServer.respond(out, "503 Service Unavailable", "Retry-After: 3600\r\n", new byte[0]));
                Child child = fetch(server.url("/b"), "--json")) {
            assertThat(child.awaitExit()).isEqualTo(1);
            assertThat(child.out()).singleElement().asString().contains("\"status\":503,\"attempts\":1,");
        }
    }

    @Test
    void redirectToAPrivateAddress_needsPermission() throws IOException {
        RawServer[] servers = new RawServer[1];
        RawServer.Responder responder = (target, fields, out) -> {
            if (target.equals("/from")) {
                String location = "Location: http://127.0.0.2:" + servers[0].port() + "/to\r\n";
                RawServer.respond(out, "302 Found", location, new byte[0]);
            } else {
                page(target, fields, out);
            }
        };
        try (RawServer server = new RawServer(responder)) {
            servers[0] = server;
            try (Child child = fetch(server.url("/from"))) {
                assertThat(child.awaitExit()).isEqualTo(1);
                assertThat(child.err()).singleElement().asString().contains("127.0.0.2");
                assertThat(server.targets()).containsExactly("/from");
            }
            try (Child child = fetch(server.url("/from"), "--allow-private")) {
                assertThat(child.awaitExit()).as("%s", child.err()).isZero();
            }
        }
    }

    @Test
    void signal_stops_andTheSameCommandResumes() throws Exception {
        byte[] file = RangeResponder.file(4711, 4 << 20);
        CountDownLatch half = new CountDownLatch(1);
        RangeResponder responder = new RangeResponder(file, file.length / 2, half::countDown);
        try (RawServer server = new RawServer(responder)) {
            try (Child child = fetch(server.url("/file.bin"))) {
                half.await();
                child.signal("INT");
                assertThat(child.awaitExit()).isEqualTo(1);
                assertThat(saved()).isEmpty();
                assertThat(String.join("\n", child.err())).contains("stopped by a signal");
                assertThat(child.out()).singleElement().asString().startsWith("0 of 1 file, ");
            }
            responder.sendAll();
            try (Child child = fetch(server.url("/file.bin"), "--json")) {
                assertThat(child.awaitExit()).as("%s", child.err()).isZero();
                assertThat(child.out()).singleElement().asString().contains("\"resumed\":true");
                assertThat(folder.resolve("file.bin")).hasBinaryContent(file);
            }
        }
    }

    /** Script gives it a terminal; what is on its screen in the end is what was printed, and no bar. */
    @Test
    void onATerminal_barsAreDrawn_andNothingIsLeftBehind() throws Exception {
        Needs.command("script");
        byte[] file = RangeResponder.file(4711, 1 << 20);
        CountDownLatch half = new CountDownLatch(1);
        RangeResponder responder = new RangeResponder(file, file.length / 2, half::countDown);
        Path typescript = folder.resolve("typescript");
        String command = String.join(" ", Child.command("fetch", "--out", folder.toString()));
        try (RawServer server = new RawServer(responder);
                Child child = Child.start(
                        Map.of("LC_ALL", "C.UTF-8", "TERM", "xterm"),
                        List.of(
                                "script",
                                "-qec",
                                "stty cols 120 rows 10; " + command + " " + server.url("/file.bin"),
                                typescript.toString()))) {
            half.await();
            child.awaitOut("512.0 KB");
            responder.sendAll();
            server.dropConnections();
            assertThat(child.awaitExit()).as("%s %s", child.out(), child.err()).isZero();
        }
        // Script's own first and last lines are in it, too.
        String output = Files.readString(typescript)
                .replaceFirst("^Script started.*\n", "")
                .replaceFirst("\nScript done.*\n$", "");
        assertThat(output).contains("[====", " 50% ");
        List<String> rows = new TerminalScreen(120).print(output).rows();
        assertThat(rows.getLast()).startsWith("1 file, 1.0 MB in ");
        assertThat(rows).noneMatch(row -> row.contains("%"));
    }
}
