package dev.thrum.http.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thrum.http.Gzip;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.testkit.scripted.HandClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses for files and folders, tested without a network. */
class StaticFilesTest {
    private static final Instant LONG_AGO = Instant.parse("1994-11-06T08:49:37.5Z");
    private static final int LARGE = 100_000;

    @TempDir
    private Path root;

    private final HandClock clock = new HandClock(Instant.parse("2026-11-20T08:00:00Z"));
    private StaticFiles files;

    @BeforeEach
    void fill() throws IOException {
        put("hello.txt", "hello, world\n");
        put("page.html", "<p>page</p>");
        put("sub/index.html", "<p>index</p>");
        put("sub/deep/a b&<c>.txt", "deep");
        put("list/one.txt", "1");
        put("large.bin", "x".repeat(LARGE));
        put("empty", "");
        put(".secret", "hidden");
        put(".git/config", "hidden");
        files = StaticFiles.of(root, "/files/", FilesConfig.defaults(), clock);
    }

    private Path put(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, content);
        return Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
    }

    private Response ask(String method, String path, Headers headers) throws Exception {
        return files.handle(Request.of(method, "/files/" + path, headers, new byte[0]));
    }

    private Response get(String path) throws Exception {
        return ask("GET", path, Headers.none());
    }

    private String text(String path) throws Exception {
        return new String(get(path).bodyBytes(), UTF_8);
    }

    private HttpException refused(String method, String path, Headers headers) {
        return catchThrowableOfType(HttpException.class, () -> ask(method, path, headers));
    }

    private static String field(Response response, String name) {
        return response.headers().first(name).orElse("");
    }

    @Test
    void file_isSentWithItsFields() throws Exception {
        Response response = get("hello.txt");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.bodyBytes()).asString(UTF_8).isEqualTo("hello, world\n");
        assertThat(response.headers().toString()).matches("""
                Content-Type: text/plain; charset=utf-8
                ETag: "[\\w-]{16}"
                Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT
                Cache-Control: no-cache
                Accept-Ranges: bytes
                X-Content-Type-Options: nosniff
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello.txt", "large.bin", "empty", "sub/", "list/"})
    void head_hasTheFieldsOfGet(String path) throws Exception {
        assertThat(ask("HEAD", path, Headers.none()).headers())
                .isEqualTo(get(path).headers());
        assertThat(ask("HEAD", path, Headers.of("Range", "bytes=0-1")).status()).isEqualTo(200);
    }

    @Test
    void partOfAFile_isSent_forARangeRequest() throws Exception {
        for (String name : new String[] {"hello.txt", "large.bin"}) {
            long size = Files.size(root.resolve(name));
            Response part = ask("GET", name, Headers.of("Range", "bytes=2-4"));
            assertThat(part.status()).isEqualTo(206);
            assertThat(field(part, "Content-Range")).isEqualTo("bytes 2-4/" + size);
            assertThat(part.bodyBytes()).hasSize(3);
            HttpException none = refused("GET", name, Headers.of("Range", "bytes=" + size + "-"));
            assertThat(none.status()).isEqualTo(416);
            assertThat(none.headers().first("Content-Range")).contains("bytes */" + size);
            Headers stale = Headers.of("Range", "bytes=2-4").and("If-Range", "\"other\"");
            assertThat(ask("GET", name, stale).status()).isEqualTo(200);
            Headers fresh = Headers.of("Range", "bytes=2-4").and("If-Range", field(part, "ETag"));
            assertThat(ask("GET", name, fresh).status()).isEqualTo(206);
        }
    }

    @Test
    void conditions_areEvaluated() throws Exception {
        String tag = field(get("hello.txt"), "ETag");
        Response unmodified = ask("GET", "hello.txt", Headers.of("If-None-Match", tag));
        assertThat(unmodified.status()).isEqualTo(304);
        assertThat(field(unmodified, "ETag")).isEqualTo(tag);
        assertThat(unmodified.headers().contains("Content-Type")).isFalse();
        assertThat(refused("GET", "hello.txt", Headers.of("If-Match", "\"other\""))
                        .status())
                .isEqualTo(412);
    }

    @Test
    void missingFile_isFound_asSoonAsItExists() throws Exception {
        assertThat(text("list/one.txt")).isEqualTo("1");
        assertThat(refused("GET", "list/two.txt", Headers.none()).status()).isEqualTo(404);
        put("list/two.txt", "2");
        assertThat(text("list/two.txt")).isEqualTo("2");
        assertThat(refused("GET", "list/three.txt", Headers.none()).status()).isEqualTo(404);
        Files.move(root.resolve("list"), root.resolve("old"));
        put("list/three.txt", "3");
        assertThat(text("list/three.txt")).isEqualTo("3");
        Files.createSymbolicLink(root.resolve("list/four.txt"), Path.of("three.txt"));
        assertThat(text("list/four.txt")).isEqualTo("3");
        Files.createDirectory(root.resolve("list/five"));
        assertThat(get("list/five").status()).isEqualTo(301);
    }

    @Test
    void folder_withoutSlash_isRedirected() throws Exception {
        for (String path : new String[] {"sub", "sub?a=b", "sub/deep"}) {
            Response moved = get(path);
            assertThat(moved.status()).isEqualTo(301);
            assertThat(field(moved, "Location")).isIn("sub/", "sub/?a=b", "deep/");
        }
        Response mount = files.handle(Request.of("GET", "/files", Headers.none(), new byte[0]));
        assertThat(field(mount, "Location")).isEqualTo("files/");
        Files.createDirectory(root.resolve("http:evil"));
        assertThat(field(get("http:evil"), "Location")).isEqualTo("http%3Aevil/");
    }

    @Test
    void folder_withAnIndex_isItsIndex() throws Exception {
        assertThat(text("sub/")).isEqualTo("<p>index</p>");
        assertThat(field(get("sub/"), "Content-Type")).startsWith("text/html");
        Files.delete(root.resolve("sub/index.html"));
        clock.pass(Duration.ofSeconds(1));
        assertThat(text("sub/")).contains("deep/");
    }

    @Test
    void folder_withoutAnIndex_isListed() throws Exception {
        String page = text("");
        assertThat(page)
                .contains(
                        "<a href=\"./hello.txt\">hello.txt</a>",
                        "title=\"13 bytes\"",
                        "class=\"folder\" href=\"./sub/\"")
                .contains("<time datetime=\"1994-11-06T08:49:37Z\" title=\"1994-11-06T08:49:37Z\">1994-11-06")
                .doesNotContain("secret", ".git");
        assertThat(text("list/")).contains("title=\"1 byte\"");
        assertThat(field(get(""), "Content-Security-Policy")).startsWith("default-src 'none'");
        assertThat(text("sub/deep/"))
                .contains("href=\"./a%20b%26%3Cc%3E.txt\">a b&amp;&lt;c&gt;.txt</a>")
                .contains("<a href=\"./../../\">Files</a> / <a href=\"./../\">sub</a> / <a href=\"./\">deep</a> /");
        assertThat(text("sub/deep/a%20b%26%3Cc%3E.txt")).isEqualTo("deep");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | b,c,A,d",
                "?sort=name&order=asc | b,c,A,d",
                "?sort=name&order=desc | c,b,d,A",
                "?sort=size | b,c,d,A",
                "?sort=size&order=desc | c,b,A,d",
                "?sort=date | b,c,A,d",
                "?sort=nothing&order=up | b,c,A,d",
            })
    void list_isSorted_foldersFirst(String query, String order) throws Exception {
        put("s/A", "xx");
        put("s/d", "x");
        put("s/b/x", "");
        put("s/c/x", "");
        for (String folder : new String[] {"s/b", "s/c"}) {
            Files.setLastModifiedTime(root.resolve(folder), FileTime.from(LONG_AGO));
        }
        Files.setLastModifiedTime(root.resolve("s/d"), FileTime.from(LONG_AGO.plusSeconds(1)));
        String json = new String(
                ask("GET", "s/" + query, Headers.of("Accept", "application/json"))
                        .bodyBytes(),
                UTF_8);
        assertThat(json.replaceAll("(?s)[^{]*\\{\"name\":\"(\\w)\"[^}]*}[^{]*", "$1,"))
                .isEqualTo(order + ",");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | true",
                "application/json, text/plain, */* | true",
                "text/html,application/json;q=0.9 | false",
                "application/json;q=0 | false",
                "*/* | false",
            })
    void list_isJson_forClientsThatAcceptIt(String accept, boolean json) throws Exception {
        Response list = ask("GET", "list/", Headers.of("Accept", accept));
        assertThat(field(list, "Content-Type").equals("application/json")).isEqualTo(json);
        assertThat(list.headers().elements("Vary")).contains("Accept");
        if (json) {
            assertThat(list.bodyBytes()).asString(UTF_8).isEqualTo("""
                    [
                    {"name":"one.txt","type":"file","size":1,"modified":"1994-11-06T08:49:37Z"}
                    ]
                    """);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 KB",
        "9949, 9.9 KB",
        "9950, 10 KB",
        "999499, 999 KB",
        "999500, 1.0 MB",
        "1500000, 1.5 MB",
        "9223372036854775807, 9.2 EB"
    })
    void size_isRoundedToTwoDigits(long size, String text) {
        assertThat(ListingPage.human(size)).isEqualTo(text);
    }

    @Test
    void list_whenSwitchedOff_isNotFound() throws Exception {
        files = StaticFiles.of(root, "/files/", FilesConfig.defaults().withListing(false), clock);
        assertThat(refused("GET", "list/", Headers.none()).status()).isEqualTo(404);
        assertThat(text("sub/")).isEqualTo("<p>index</p>");
    }

    @Test
    void hiddenNames_whenAllowed_areServed() throws Exception {
        files = StaticFiles.of(root, "/files/", FilesConfig.defaults().withHidden(true), clock);
        assertThat(text(".secret")).isEqualTo("hidden");
        assertThat(text("")).contains(".git/");
        assertThat(refused("GET", "sub/../hello.txt", Headers.none()).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"})
    void otherMethods_areRefused(String method) {
        HttpException refused = refused(method, "hello.txt", Headers.none());
        assertThat(refused.status()).isEqualTo(405);
        assertThat(refused.headers().first("Allow")).contains("GET, HEAD");
    }

    private void gzip(String name, String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content.getBytes(UTF_8));
        }
        Files.write(root.resolve(name), bytes.toByteArray());
        Files.setLastModifiedTime(root.resolve(name), FileTime.from(LONG_AGO));
    }

    @Test
    void compressedForm_isSent_toClientsThatAcceptIt() throws Exception {
        gzip("hello.txt.gz", "hello, world\n");
        Headers gzip = Headers.of("Accept-Encoding", "gzip, br");
        Response small = ask("GET", "hello.txt", gzip);
        Response plain = get("hello.txt");

        assertThat(field(small, "Content-Encoding")).isEqualTo("gzip");
        assertThat(field(small, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(small.bodyBytes()).isEqualTo(Files.readAllBytes(root.resolve("hello.txt.gz")));
        assertThat(field(small, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(field(plain, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(field(plain, "ETag")).isNotEqualTo(field(small, "ETag"));
        assertThat(plain.headers().contains("Content-Encoding")).isFalse();
        assertThat(field(get("hello.txt.gz"), "Content-Type")).isEqualTo("application/gzip");
        assertThat(ask("GET", "hello.txt", gzip.and("If-None-Match", field(plain, "ETag")))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void compressedForm_thatIsOlder_isIgnored() throws Exception {
        gzip("hello.txt.gz", "old");
        Files.setLastModifiedTime(root.resolve("hello.txt.gz"), FileTime.from(LONG_AGO.minusSeconds(1)));
        Response response = ask("GET", "hello.txt", Headers.of("Accept-Encoding", "gzip"));
        assertThat(response.headers().contains("Content-Encoding")).isFalse();
        assertThat(response.bodyBytes()).asString(UTF_8).isEqualTo("hello, world\n");
    }

    @Test
    void compressingFilter_doesNotCompressFiles() throws Exception {
        put("long.txt", "long ".repeat(1_000));
        HttpHandler filtered = files.behind(new Gzip());
        for (String path : new String[] {"long.txt", "large.bin"}) {
            Response response = filtered.handle(
                    Request.of("GET", "/files/" + path, Headers.of("Accept-Encoding", "gzip"), new byte[0]));
            assertThat(response.headers()).isEqualTo(get(path).headers());
        }
        Response list =
                filtered.handle(Request.of("GET", "/files/", Headers.of("Accept-Encoding", "gzip"), new byte[0]));
        assertThat(field(list, "Content-Encoding")).isEqualTo("gzip");
    }

    @Test
    void change_isNoticed_atTheNextRevalidation() throws Exception {
        String tag = field(get("hello.txt"), "ETag");
        put("hello.txt", "HELLO, WORLD\n");
        Files.setLastModifiedTime(root.resolve("hello.txt"), FileTime.from(LONG_AGO.plusNanos(1_000)));
        assertThat(text("hello.txt")).isEqualTo("hello, world\n");
        clock.pass(Duration.ofMillis(1_001));
        assertThat(text("hello.txt")).isEqualTo("HELLO, WORLD\n");
        assertThat(field(get("hello.txt"), "ETag")).isNotEqualTo(tag);
        gzip("hello.txt.gz", "x");
        clock.pass(Duration.ofMillis(1_001));
        assertThat(field(get("hello.txt"), "Vary")).isEqualTo("Accept-Encoding");
        Files.delete(root.resolve("hello.txt"));
        clock.pass(Duration.ofMillis(1_001));
        assertThat(refused("GET", "hello.txt", Headers.none()).status()).isEqualTo(404);
    }

    @Test
    void changeWithoutNewAttributes_isNoticed_ifTheFileWasRecentlyModified() throws Exception {
        FileTime now = FileTime.from(clock.instant());
        Files.setLastModifiedTime(root.resolve("hello.txt"), now);
        assertThat(text("hello.txt")).isEqualTo("hello, world\n");
        Files.writeString(root.resolve("hello.txt"), "hello, WORLD\n");
        Files.setLastModifiedTime(root.resolve("hello.txt"), now);
        clock.pass(Duration.ofMillis(1_001));
        assertThat(text("hello.txt")).isEqualTo("hello, WORLD\n");
    }

    @Test
    void largeFile_thatShrankSinceItsRevalidation_isAnnouncedWithItsNewLength() throws Exception {
        assertThat(ask("HEAD", "large.bin", Headers.none()).status()).isEqualTo(200);
        put("large.bin", "short");
        assertThat(text("large.bin")).isEqualTo("short");
    }

    @Test
    void largeFile_thatWasReplacedSinceItsRevalidation_isTheNewOne() throws Exception {
        String old = field(get("large.bin"), "ETag");
        Files.delete(root.resolve("large.bin"));
        put("large.bin", "y".repeat(LARGE + 1));
        Response response = get("large.bin");
        assertThat(field(response, "ETag")).isNotEqualTo(old);
        assertThat(response.bodyBytes()).hasSize(LARGE + 1).containsOnly('y');
    }

    @Test
    void linkThatNowLeadsOutside_isNotFound(@TempDir Path outside) throws Exception {
        Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("hello.txt"));
        assertThat(text("link")).isEqualTo("hello, world\n");
        Files.delete(link);
        Files.writeString(outside.resolve("other"), "outside");
        Files.createSymbolicLink(link, outside.resolve("other"));
        clock.pass(Duration.ofMillis(1_001));
        assertThat(refused("GET", "link", Headers.none()).status()).isEqualTo(404);
    }

    @Test
    void folder_thatIsReplacedByALinkToOutside_isNotFound(@TempDir Path outside) throws Exception {
        put("moved/a.txt", "inside");
        put("moved/b.txt", "inside");
        Files.writeString(outside.resolve("b.txt"), "outside");
        assertThat(text("moved/a.txt")).isEqualTo("inside");
        Files.move(root.resolve("moved"), root.resolve("before"));
        Files.createSymbolicLink(root.resolve("moved"), outside);
        assertThat(refused("GET", "moved/b.txt", Headers.none()).status()).isEqualTo(404);
        clock.pass(Duration.ofMillis(1_001));
        assertThat(refused("GET", "moved/b.txt", Headers.none()).status()).isEqualTo(404);
    }

    @Test
    void filesThatAreAlmostDue_areRevalidatedWithAFileThatIsDue() throws Exception {
        for (int i = 0; i < 50; i++) {
            put("many/" + i + ".txt", "first");
            assertThat(text("many/" + i + ".txt")).isEqualTo("first");
        }
        put("many/7.txt", "second one");
        long before = files.cached();
        clock.pass(Duration.ofMillis(1_001));
        assertThat(text("many/0.txt")).isEqualTo("first");
        assertThat(files.cached()).isLessThan(before);
        assertThat(text("many/7.txt")).isEqualTo("second one");
        // This file was checked with the first one, and is not due yet.
        put("many/3.txt", "second one");
        clock.pass(Duration.ofMillis(900));
        assertThat(text("many/3.txt")).isEqualTo("first");
        clock.pass(Duration.ofMillis(101));
        assertThat(text("many/3.txt")).isEqualTo("second one");
    }

    @Test
    void cache_neverExceedsItsLimit() throws Exception {
        files = StaticFiles.of(root, "/files/", FilesConfig.defaults().withCache(50_000, 10_000), clock);
        for (int i = 0; i < 100; i++) {
            put("many/" + i + ".txt", Integer.toString(i).repeat(i * 10));
        }
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 100; i++) {
                assertThat(text("many/" + i + ".txt"))
                        .hasSize(Integer.toString(i).length() * i * 10);
                assertThat(files.cached()).isBetween(1L, 50_000L);
            }
        }
    }

    @Test
    void cache_whenSwitchedOff_isEmpty() throws Exception {
        files = StaticFiles.of(root, "/files/", FilesConfig.defaults().withCache(0, 0), clock);
        assertThat(text("hello.txt")).isEqualTo("hello, world\n");
        assertThat(get("large.bin").bodyBytes()).hasSize(LARGE);
        assertThat(files.cached()).isZero();
    }

    @Test
    void hugeFolder_isListedInPart() throws Exception {
        Path huge = Files.createDirectory(root.resolve("huge"));
        for (int i = 0; i <= Listing.MOST; i++) {
            Files.createFile(huge.resolve("f" + i));
        }
        assertThat(text("huge/")).contains("more than 10,000 entries");
        Response json = ask("GET", "huge/", Headers.of("Accept", "application/json"));
        assertThat(new String(json.bodyBytes(), UTF_8).lines()).hasSize(Listing.MOST + 2);
        assertThat(field(json, "Listing-Complete")).isEqualTo("no");
    }

    @Test
    void root_thatIsNotAFolder_isRefused() {
        assertThatThrownBy(() -> StaticFiles.of(root.resolve("none"), "/", FilesConfig.defaults(), clock))
                .isInstanceOf(java.nio.file.NoSuchFileException.class);
        assertThatThrownBy(() -> StaticFiles.of(root.resolve("hello.txt"), "/", FilesConfig.defaults(), clock))
                .isInstanceOf(java.nio.file.NotDirectoryException.class);
    }

    @Test
    void omittedNames_areCountedInTheList() throws Exception {
        put("odd/plain.txt", "x");
        put("odd/.hidden", "x");
        Headers json = Headers.of("Accept", "application/json");
        assertThat(text("odd/")).contains("<p>1 entry.</p>");
        assertThat(field(ask("GET", "odd/", json), "Listing-Left-Out")).isEmpty();

        put("odd/back\\slash", "x");
        Files.createSymbolicLink(root.resolve("odd/dangling"), Path.of("nowhere"));

        assertThat(text("odd/")).contains("<p>1 entry. 2 names are left out:");
        assertThat(field(ask("GET", "odd/", json), "Listing-Left-Out")).isEqualTo("2");
    }
}
