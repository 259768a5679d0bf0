package dev.thrum.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thrum.engine.Engine;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Response;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.Conversation;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The server with curl, an independent client. */
@ExtendWith(LeakCheck.class)
class CurlTest {
    private static final int TIMEOUT_SECONDS = 60;

    @TempDir
    private Path folder;

    private Engine engine;
    private Conversation server;

    @BeforeAll
    static void needCurl() throws Exception {
        boolean found = false;
        try {
            found = new ProcessBuilder("curl", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            // Not found.
        }
        String message = "needs curl: install it (Debian: apt install curl)";
        if ("true".equals(System.getenv("CI"))) {
            assertThat(found).as(message).isTrue();
        } else {
            assumeTrue(found, "not run: " + message);
        }
    }

    @BeforeEach
    void serve() throws IOException {
        engine = Engine.virtual();
        HttpHandler echo =
                request -> Response.of(200, "text/plain", request.body().readAllBytes());
        server = Conversation.with(
                engine,
                HttpServer.over(
                        Router.builder()
                                .get(
                                        "/hello",
                                        request -> Response.text("Hello "
                                                + request.parameter("name").orElse("you") + "\n"))
                                .get(
                                        "/stream",
                                        request -> Response.stream(200, "text/plain", out -> {
                                            out.write("one,".getBytes(ISO_8859_1));
                                            out.flush();
                                            out.write("two".getBytes(ISO_8859_1));
                                        }))
                                .post("/echo", echo)
                                .put("/echo", echo)
                                .build(),
                        HttpConfig.defaults()));
    }

    @AfterEach
    void end() {
        engine.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.server().address().getPort() + path;
    }

    /** Runs curl and returns its output. */
    private String curl(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("curl", "--disable", "--silent", "--show-error", "--noproxy", "*"));
        command.addAll(List.of(arguments));
        File out = folder.resolve("out").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(out)
                .start();
        try {
            assertThat(process.waitFor(TIMEOUT_SECONDS, SECONDS))
                    .as("curl ends")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        String printed = Files.readString(out.toPath(), ISO_8859_1);
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }

    private Path file(int size) throws IOException {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) ('a' + i * 31 % 26);
        }
        return Files.write(folder.resolve("in"), bytes);
    }

    @Test
    void response_isPrinted_whenItIsRequested() throws Exception {
        assertThat(curl("--include", url("/hello?name=curl+1%2B1")))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Length: 15\r\n")
                .endsWith("\r\n\r\nHello curl 1+1\n");
    }

    @Test
    void head_isPrinted_whenOnlyTheHeadIsRequested() throws Exception {
        assertThat(curl("--head", url("/hello")))
                .contains("Content-Length: 10\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void stream_isPrinted_whole() throws Exception {
        assertThat(curl(url("/stream"))).isEqualTo("one,two");
    }

    @Test
    void largeBody_isSentAfterContinue_whenTheClientExpectsIt() throws Exception {
        Path file = file(1_000_000);
        String output = curl(
                "--verbose",
                "--output",
                folder.resolve("back").toString(),
                "--header",
                "Expect: 100-continue",
                "--data-binary",
                "@" + file,
                url("/echo"));
        assertThat(output).contains("< HTTP/1.1 100 Continue").contains("< HTTP/1.1 200 OK");
        assertThat(folder.resolve("back")).hasSameBinaryContentAs(file);
    }

    @Test
    void body_isNotSent_whenItIsTooLarge() throws Exception {
        Path file = file(2_000_000);
        assertThat(curl(
                        "--header",
                        "Expect: 100-continue",
                        "--data-binary",
                        "@" + file,
                        "--write-out",
                        "%{http_code} %{size_upload}",
                        url("/echo")))
                .endsWith("413 0");
    }

    @Test
    void body_isReadInChunks_whenItsLengthIsNotSent() throws Exception {
        Path file = file(100_000);
        curl(
                "--header",
                "Transfer-Encoding: chunked",
                "--upload-file",
                file.toString(),
                "--output",
                folder.resolve("back").toString(),
                url("/echo"));
        assertThat(folder.resolve("back")).hasSameBinaryContentAs(file);
    }

    @Test
    void http10Client_isServed() throws Exception {
        assertThat(curl("--http1.0", "--include", url("/stream")))
                .contains("Connection: close\r\n")
                .doesNotContain("chunked")
                .endsWith("\r\n\r\none,two");
    }

    @Test
    void connection_isReused_forASecondRequest() throws Exception {
        assertThat(curl("--write-out", "%{num_connects}\n", url("/hello"), url("/hello?name=again")))
                .isEqualTo("Hello you\n1\nHello again\n0\n");
    }
}
