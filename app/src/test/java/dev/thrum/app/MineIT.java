package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code thrum mine} as a real process; the pages are served by {@code thrum files}. */
@Timeout(180)
final class MineIT {
    private static final String PAGE = """
            <!doctype html><html><head><title> %s </title></head>
            <body><svg><title>drawing</title></svg><h1>One <b>two</b></h1><a href="b?x#y">b</a><a href="/c">c</a></body></html>
            """;

    @TempDir
    private Path folder;

    private Child server;
    private String origin = "";

    @BeforeEach
    void serve() throws IOException {
        Files.createDirectory(folder.resolve("sub"));
        Files.writeString(folder.resolve("sub/a.html"), PAGE.formatted("Größe"));
        server = Child.thrum(Map.of("THRUM_PORT", "0"), "files", folder.toString())
                .awaitServing();
        origin = "http://127.0.0.1:" + server.port("files") + "/";
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Child mine(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("mine"));
        all.addAll(List.of(arguments));
        return Child.thrum(all.toArray(String[]::new));
    }

    @Test
    void page_always_hasALineForEachMatch() throws IOException {
        String url = origin + "sub/a.html";
        try (Child mine = mine(url, "--select", "title", "--select", "a@href", "--select", "h1", "--select", "h9")) {
            assertThat(mine.awaitExit()).as("%s", mine.err()).isZero();
            String head = "{\"url\":\"" + url + "\",\"final\":\"" + url + "\",\"status\":200,\"value\":\"";
            assertThat(mine.out())
                    .containsExactly(
                            head + "Größe\"}",
                            head + origin + "sub/b?x#y\"}",
                            head + origin + "c\"}",
                            head + "One two\"}");
            assertThat(mine.err()).isEmpty();
        }
    }

    @Test
    void failures_always_areLinesAndOnStandardError_andTheOthersGoOn() throws IOException {
        Path list = Files.writeString(
                folder.resolve("list"), "# pages\n\nno url\n" + origin + "missing\n" + origin + "sub/a.html\n");
        try (Child mine = mine("-i", list.toString(), "--select", "title")) {
            assertThat(mine.awaitExit()).isEqualTo(1);
            assertThat(mine.out())
                    .hasSize(3)
                    .anyMatch(line -> line.startsWith("{\"url\":\"no url\",\"error\":\"expected "))
                    .anyMatch(line -> line.startsWith("{\"url\":\"" + origin + "missing\",\"final\":\"" + origin
                            + "missing\",\"status\":404,\"error\":\""))
                    .anyMatch(line -> line.endsWith("\"value\":\"Größe\"}"));
            assertThat(mine.err())
                    .hasSize(2)
                    .anyMatch(line -> line.startsWith("thrum mine: \"no url\": expected "))
                    .anyMatch(line -> line.startsWith("thrum mine: \"" + origin + "missing\": "));
        }
    }

    @Test
    void csv_always_hasAHeaderAndHarmlessValues() throws IOException {
        Files.writeString(folder.resolve("f.html"), "<p>=1+2<p>a, \"b\"<p>\u009b2J\u202ex");
        String url = origin + "f.html";
        try (Child mine = mine(url, "--select", "p", "--csv")) {
            assertThat(mine.awaitExit()).as("%s", mine.err()).isZero();
            String head = url + "," + url + ",200,";
            assertThat(mine.out())
                    .containsExactly(
                            "url,final,status,value,error",
                            head + "'=1+2,",
                            head + "\"a, \"\"b\"\"\",",
                            head + "\ufffd2J\ufffdx,");
        }
    }

    @Test
    void controlsOfAServer_neverReachTheTerminal() throws IOException {
        Files.writeString(folder.resolve("e.html"), "<title>\u001b]0;x\u0007\u001b[2J\u202e</title>");
        try (Child mine = mine(origin + "e.html", origin + "e%1b[2J", "--select", "title")) {
            assertThat(mine.awaitExit()).isEqualTo(1);
            assertThat(mine.out())
                    .anyMatch(line -> line.endsWith("\"value\":\"\\u001b]0;x\\u0007\\u001b[2J\\u202e\"}"));
            assertThat(String.join("", mine.out()) + String.join("", mine.err()))
                    .matches("[^\\p{Cc}\\p{Cf}]*");
        }
    }

    @Test
    void selector_thatIsMalformed_isOneLineAndStatusTwo() throws IOException {
        try (Child mine = mine(origin, "--select", "a[href")) {
            assertThat(mine.awaitExit()).isEqualTo(2);
            assertThat(mine.out()).isEmpty();
            assertThat(mine.err())
                    .singleElement()
                    .asString()
                    .startsWith("thrum mine: --select: expected a CSS selector");
        }
    }

    @Test
    void manyPages_always_haveOneLineEach() throws IOException {
        int pages = 500;
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < pages; i++) {
            Files.writeString(folder.resolve(i + ".html"), PAGE.formatted("page " + i));
            urls.add(origin + i + ".html");
        }
        try (Child mine = mine("-i", "-", "--select", "title")) {
            mine.type(String.join("\n", urls));
            assertThat(mine.awaitExit()).as("%s", mine.err()).isZero();
            assertThat(mine.out().stream().map(line -> line.substring(line.indexOf("\"value\""))))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, pages)
                            .mapToObj(i -> "\"value\":\"page " + i + "\"}")
                            .toList());
        }
    }

    @Test
    void output_thatNobodyReads_endsTheCommand() throws IOException {
        Needs.command("head");
        List<String> urls = IntStream.range(0, 300)
                .mapToObj(i -> origin + "sub/a.html?" + i)
                .toList();
        Path list = Files.write(folder.resolve("list"), urls);
        String command = String.join(" ", Child.command("mine", "-i", list.toString(), "--select", "h1"))
                + " | head -n 1; exit ${PIPESTATUS[0]}";
        try (Child shell = Child.start(Map.of(), List.of("bash", "-c", command))) {
            assertThat(shell.awaitExit()).isEqualTo(141);
            assertThat(shell.out()).hasSize(1);
            assertThat(shell.err()).isEmpty();
        }
    }
}
