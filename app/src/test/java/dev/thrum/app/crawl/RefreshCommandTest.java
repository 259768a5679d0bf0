package dev.thrum.app.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Ran;
import dev.thrum.engine.Engine;
import dev.thrum.testkit.web.PlannedPage;
import dev.thrum.testkit.web.ScriptedWeb;
import dev.thrum.testkit.web.WebPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code thrum crawl --refresh}: what it prints, its status, and which arguments it has. */
@Timeout(120)
final class RefreshCommandTest {
    private static final String END = System.lineSeparator();

    @TempDir
    private Path temporary;

    private Engine engine;
    private ScriptedWeb web;

    @BeforeEach
    void start() throws IOException {
        engine = Engine.virtual();
        web = ScriptedWeb.start(engine, WebPlan.of(1).withPages(20));
    }

    @AfterEach
    void stop() {
        web.close();
        engine.close();
    }

    private String folder() {
        return temporary.resolve("crawl").toString();
    }

    private static Ran crawl(String... arguments) {
        return Ran.of(Stream.concat(Stream.of("crawl"), Stream.of(arguments)).toArray(String[]::new));
    }

    private Ran crawlAnew(String... more) {
        List<String> arguments = new ArrayList<>(web.map().seeds());
        arguments.addAll(List.of("--out", folder(), "--allow-private=127.0.0.0/8", "--delay", "0ms"));
        arguments.addAll(List.of(more));
        return crawl(arguments.toArray(String[]::new));
    }

    private List<String> pages() {
        return web.map().pages().map(PlannedPage::url).toList();
    }

    private List<String> saved() throws IOException {
        return SavedArguments.read(Path.of(folder()));
    }

    @Test
    void lastLine_hasTheCountsOfNewChangedSameAndGone() {
        assertThat(crawlAnew()).isEqualTo(new Ran(0, "finished: 40 pages, 0 errors, 0 duplicates" + END, ""));
        assertThat(crawl("--refresh", folder()))
                .isEqualTo(new Ran(
                        0, "finished: 40 pages, 0 errors, 0 duplicates; 0 new, 0 changed, 40 same, 0 gone" + END, ""));
        String leaf = pages().getLast();
        web.remove(leaf);
        web.change(pages().getFirst());
        web.change(pages().get(1));
        assertThat(crawl("--refresh=" + folder(), "--json"))
                .isEqualTo(new Ran(
                        0,
                        "{\"end\":\"finished\",\"pages\":40,\"errors\":0,\"duplicates\":0,\"new\":0,\"changed\":2,"
                                + "\"same\":37,\"gone\":1,\"waiting\":0,\"failedSeeds\":[]}" + END,
                        ""));
        web.change(leaf);
        assertThat(crawl("--refresh", folder()).out())
                .isEqualTo("finished: 40 pages, 0 errors, 0 duplicates; 1 new, 0 changed, 39 same, 0 gone" + END);
    }

    @Test
    void arguments_areThoseOfTheCrawl_andNewOnes_whichAreKept_butNotRepeated() throws Exception {
        assertThat(crawlAnew("--agent", "first").status()).isZero();
        List<String> before = saved();
        for (int i = 0; i < 3; i++) {
            assertThat(crawl("--refresh", folder(), "--agent", "second").status())
                    .isZero();
        }
        List<String> expected = new ArrayList<>(before);
        expected.addAll(List.of("--agent", "second"));
        assertThat(saved()).isEqualTo(expected);
        assertThat(crawl("--refresh", folder()).status()).isZero();
        assertThat(saved()).isEqualTo(expected);
        assertThat(web.log().all().getLast().field("user-agent")).isEqualTo("second");
    }

    @Test
    void crawlThatHasNotEnded_isNotRefreshed() throws Exception {
        Ran limited = crawlAnew("--max-pages", "5");
        assertThat(limited.out()).startsWith("limit reached: 5 pages: 5 pages, ");
        List<String> before = saved();
        Ran refused = crawl("--refresh", folder(), "--max-pages", "900");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err())
                .startsWith("thrum crawl: expected a crawl that has ended but that in " + folder() + " has ")
                .contains(" URLs that wait: continue it with --resume " + folder()
                        + " first, then refresh it (see thrum crawl --help)" + END);
        assertThat(saved()).isEqualTo(before);
        assertThat(crawl("--resume", folder(), "--max-pages", "900").status()).isZero();
        assertThat(crawl("--refresh", folder(), "--max-pages", "900").out())
                .isEqualTo("finished: 40 pages, 0 errors, 0 duplicates; 0 new, 0 changed, 40 same, 0 gone" + END);
    }

    @Test
    void refreshThatHasNotEnded_isResumed_withItsArguments() {
        assertThat(crawlAnew().status()).isZero();
        Ran limited = crawl("--refresh", folder(), "--max-pages", "5", "--agent", "second");
        assertThat(limited.out())
                .startsWith("limit reached: 5 pages: 5 pages, 0 errors, 0 duplicates; 0 new, 0 changed, 5 same, 0 gone")
                .contains(" URLs wait: continue with thrum crawl --resume " + folder());
        assertThat(crawl("--resume", folder(), "--max-pages", "900").out())
                .isEqualTo("finished: 35 pages, 0 errors, 0 duplicates; 0 new, 0 changed, 40 same, 0 gone" + END);
        assertThat(web.log().all().getLast().field("user-agent")).isEqualTo("second");
    }

    @Test
    void whatIsFixedWhenACrawlIsBegun_cantBeChanged() {
        assertThat(crawlAnew().status()).isZero();
        assertRefused(
                crawl("--refresh", folder(), "--sort-query"),
                "expected --sort-query only where a crawl is begun, since it says which URLs are the same, but was given"
                        + " it with --refresh: crawl again into another folder");
        assertRefused(
                crawl("--resume", folder(), "--sort-query"),
                "expected --sort-query only where a crawl is begun, since it says which URLs are the same, but was given"
                        + " it with --resume: crawl again into another folder");
        assertRefused(
                crawl("--refresh", folder(), "--no-index"),
                "expected a refresh with an index, as the crawl in " + folder() + " has one: refresh it with --no-index"
                        + " or without that, as it was begun");
    }

    @Test
    void crawlOfAnotherVersion_isNotRefreshed() throws Exception {
        assertThat(crawlAnew().status()).isZero();
        Path state = Path.of(folder(), "state");
        Files.move(state.resolve("crawl-1"), state.resolve("crawl-7"));
        for (String flag : List.of("--refresh", "--resume")) {
            assertRefused(
                    crawl(flag, folder()),
                    "expected " + flag + " with the folder of a crawl but " + folder()
                            + " has one of version 7, and this"
                            + " is version 1: use the release of Thrum that wrote it, or crawl again");
        }
    }

    private static void assertRefused(Ran ran, String line) {
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err().lines().findFirst()).hasValue("thrum crawl: " + line + " (see thrum crawl --help)");
    }
}
