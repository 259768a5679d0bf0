package dev.thrum.http.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Engine;
import dev.thrum.http.Response;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.http.server.Router;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.Conversation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing outside the folder is ever sent, whatever the request; tested over a socket, with exact bytes. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class StaticFilesBorderTest {
    private static final String SECRET = "TOP SECRET";

    private static final List<String> DOTS = List.of(
            "..",
            "%2e%2e",
            "%2E%2E",
            ".%2e",
            "%2e.",
            "%252e%252e",
            "%25252e%25252e",
            "%c0%ae%c0%ae",
            "%c0%2e%c0%2e",
            "%e0%80%ae%e0%80%ae",
            "%f0%80%80%ae%f0%80%80%ae",
            "%fe%fe",
            "%ef%bc%8e%ef%bc%8e",
            "%u002e%u002e",
            "..;",
            "..;a=b",
            "..%3b",
            "..%00",
            "..%20",
            "..%09",
            "..%0d%0a",
            "%20..",
            "...",
            "....",
            ".%00.",
            ".",
            "%2e");

    private static final List<String> SLASHES = List.of(
            "/",
            "//",
            "/./",
            "%2f",
            "%2F",
            "%252f",
            "\\",
            "%5c",
            "%5C",
            "%255c",
            "%c0%af",
            "%c1%9c",
            "%ef%bc%8f",
            "%e2%88%95");

    @TempDir
    private Path parent;

    private Engine engine;
    private Conversation unrouted;
    private Conversation routed;

    @BeforeEach
    void serve() throws IOException {
        Path root = Files.createDirectories(parent.resolve("root"));
        for (String folder : List.of("outside", "root-too", "outside/.hidden", "root/sub", "root/.hidden")) {
            Path secret = Files.createDirectories(parent.resolve(folder)).resolve("secret.txt");
            Files.writeString(secret, folder.equals("root/sub") ? "public" : SECRET);
        }
        Files.writeString(root.resolve("hello.txt"), "hello");
        Files.writeString(root.resolve(".env"), SECRET);
        link(root, "out", "../outside");
        link(root, "out.txt", "../outside/secret.txt");
        link(root, "sub/up", "../../outside");
        link(root, "twice", "out");
        link(root, "absolute", parent.resolve("outside").toString());
        link(root, "neighbour", "../root-too");
        link(root, "etc", "/etc");
        link(root, "loop", "loop");
        link(root, "nowhere", "none");
        link(root, "device", "/dev/zero");
        link(root, "within", "sub/secret.txt");
        link(root, "around", "../root/sub");
        // A compressed form that is a link to a file outside must not be sent in place of the file.
        Files.writeString(root.resolve("plain.txt"), "plain");
        link(root, "plain.txt.gz", "../outside/secret.txt");
        Files.createDirectory(root.resolve("folder"));
        link(root, "folder/index.html", "../../outside/secret.txt");
        engine = Engine.virtual();
        StaticFiles all = StaticFiles.of(root, "/", FilesConfig.defaults(), engine.clock());
        StaticFiles files = StaticFiles.of(root, "/files/", FilesConfig.defaults(), engine.clock());
        unrouted = Conversation.with(engine, HttpServer.over(all, HttpConfig.defaults()));
        Router router = Router.builder()
                .get("/", _ -> Response.text("home"))
                .get(files.pattern(), files)
                .get("/files", files)
                .build();
        routed = Conversation.with(engine, HttpServer.over(router, HttpConfig.defaults()));
    }

    private static void link(Path root, String name, String target) throws IOException {
        Files.createSymbolicLink(root.resolve(name), Path.of(target));
    }

    @AfterEach
    void end() {
        engine.close();
    }

    private static String ask(Conversation server, String path) throws IOException {
        return server.tell("GET " + path + " HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
    }

    /** Attempts to leave the folder, as paths relative to it. */
    private static Set<String> attempts() {
        Set<String> attempts = new LinkedHashSet<>();
        for (String dots : DOTS) {
            for (String slash : SLASHES) {
                attempts.add(dots + slash + "outside" + slash + "secret.txt");
                attempts.add("sub" + slash + dots + slash + dots + slash + "outside/secret.txt");
                attempts.add("sub/" + dots + slash + dots + slash + "root-too" + slash + "secret.txt");
            }
            attempts.add(dots + "/.env");
            attempts.add(dots + "/" + dots + "/" + dots + "/" + dots + "/" + dots + "/" + dots + "/etc/passwd");
        }
        attempts.addAll(List.of(
                "out/secret.txt",
                "out/",
                "out",
                "out.txt",
                "sub/up/secret.txt",
                "sub/up/",
                "twice/secret.txt",
                "absolute/secret.txt",
                "neighbour/secret.txt",
                "etc/passwd",
                "etc/",
                "loop",
                "loop/",
                "nowhere",
                "device",
                ".env",
                "%2eenv",
                ".hidden/secret.txt",
                "%2ehidden/secret.txt",
                "hello.txt/",
                "hello.txt/../../outside/secret.txt",
                "hello.txt%00",
                "hello.txt%00.html",
                "%00",
                "sub%00/../outside/secret.txt",
                "sub%2fsecret.txt",
                "sub%5csecret.txt",
                "sub//secret.txt",
                "/etc/passwd",
                "//etc/passwd",
                "%2fetc%2fpasswd",
                "C:/secret.txt",
                "c:%5csecret.txt",
                "file:///etc/passwd",
                "%5c%5clocalhost%5cetc%5cpasswd",
                "~/secret.txt",
                "~root/",
                "hello.txt::$DATA",
                "a".repeat(300),
                "a/".repeat(2_500),
                "%61".repeat(300)));
        return attempts;
    }

    @Test
    void fileOutside_isNeverSent() throws IOException {
        Set<String> attempts = attempts();
        assertThat(attempts).hasSizeGreaterThan(1_000);
        List<String> wrong = new ArrayList<>();
        for (String attempt : attempts) {
            for (String response : List.of(ask(unrouted, "/" + attempt), ask(routed, "/files/" + attempt))) {
                boolean refused = response.startsWith("HTTP/1.1 400 ") || response.startsWith("HTTP/1.1 404 ");
                if (!refused || response.contains(SECRET) || response.contains("root:")) {
                    wrong.add(attempt + ": " + response);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/files/../../outside/secret.txt",
                "/../outside/secret.txt",
                "/files%2f..%2f..%2foutside/secret.txt",
                "/files/%2e%2e/%2e%2e/outside/secret.txt",
                "//files/hello.txt",
                "/./files/hello.txt",
                "http://a/files/../../outside/secret.txt",
                "/files/%2e%2e",
            })
    void pathBeyondTheMount_isRefused(String path) throws IOException {
        assertThat(ask(routed, path)).startsWith("HTTP/1.1 404 ").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello.txt",
                "%68ello.txt",
                "hello.txt?../../outside/secret.txt",
                "sub/secret.txt",
                "within",
                "around/secret.txt",
                "plain.txt",
            })
    void fileInside_isSent(String path) throws IOException {
        assertThat(ask(unrouted, "/" + path)).startsWith("HTTP/1.1 200 ").doesNotContain(SECRET);
        assertThat(ask(routed, "/files/" + path)).startsWith("HTTP/1.1 200 ").doesNotContain(SECRET);
        assertThat(ask(routed, "/%66iles/" + path)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void lists_containNoLinkToOutside() throws IOException {
        String list = ask(unrouted, "/");
        assertThat(list).contains("\"./hello.txt", "\"./within", "\"./around/");
        for (String name : List.of("out", "twice", "absolute", "neighbour", "etc", "loop", "nowhere", "device", ".")) {
            assertThat(list).doesNotContain("<td><a href=\"./" + name);
        }
    }

    @Test
    void indexThatIsALinkToOutside_isNotFound() throws IOException {
        assertThat(ask(unrouted, "/folder/")).doesNotContain(SECRET);
    }

    @Test
    void pipe_isNeverOpened() throws Exception {
        Path pipe = parent.resolve("root/pipe");
        Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
        assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.exists(pipe)).isTrue();
        assertThat(ask(unrouted, "/pipe")).startsWith("HTTP/1.1 404 ");
        assertThat(ask(unrouted, "/")).doesNotContain("pipe");
    }
}
