package dev.thrum.app.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Ran;
import dev.thrum.engine.Engine;
import dev.thrum.testkit.web.ScriptedWeb;
import dev.thrum.testkit.web.WebPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code thrum crawl merge} as it is typed. */
class MergeCommandTest {
    @TempDir
    private Path folder;

    private static Ran crawl(Path into, List<String> seeds) {
        List<String> arguments = new ArrayList<>(List.of("crawl"));
        arguments.addAll(seeds);
        arguments.addAll(List.of("--out", into.toString(), "--delay", "0", "--allow-private=127.0.0.0/8"));
        return Ran.of(arguments.toArray(String[]::new));
    }

    @Test
    void mergedCrawls_areSearched_andNotContinued() throws Exception {
        String one = folder.resolve("one").toString();
        String two = folder.resolve("two").toString();
        String all = folder.resolve("all").toString();
        try (Engine engine = Engine.virtual();
                ScriptedWeb web = ScriptedWeb.start(engine, WebPlan.of(3))) {
            List<String> seeds = web.map().seeds();
            assertThat(crawl(Path.of(one), seeds).status()).isZero();
            assertThat(crawl(Path.of(two), seeds.subList(0, 1)).status()).isZero();
            Ran merged = Ran.of("crawl", "merge", one, two, "--out", all);

            assertThat(merged.err()).isEmpty();
            assertThat(merged.status()).isZero();
            assertThat(merged.out())
                    .startsWith("merged 2 folders into " + all + ": 20 pages, 10 repeated; ")
                    .endsWith(" left out" + System.lineSeparator());
            assertThat(Files.readAllLines(folder.resolve("all/pages.jsonl"))).hasSize(20);
            String marker = web.map().pages().findFirst().orElseThrow().marker();
            assertThat(Ran.of("search", "--index", all, marker).out()).contains("1 result");
            assertThat(Ran.of("crawl", "--resume", all).err())
                    .startsWith("thrum crawl: expected --resume with the folder of a crawl but " + all
                            + " has several, merged: name the folder of one of them");
            assertThat(Ran.of("crawl", "merge", one, "--out", all).err())
                    .startsWith("thrum crawl merge: expected a new or empty folder but " + all
                            + " has something in it: name another one");
        }
    }
}
