package dev.thrum.bench.crawl;

import com.sun.management.OperatingSystemMXBean;
import dev.thrum.base.Clock;
import dev.thrum.bench.load.Commands;
import dev.thrum.bench.load.LinkedPages;
import dev.thrum.crawl.search.SearchIndex;
import dev.thrum.crawl.search.SearchPage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Random;

/**
 * The main class of a process that searches the index of a crawl of {@link LinkedPages}. It answers a line with a number of queries with the
 * nanoseconds of CPU for one, of all its threads, and the pages that one finds, on average.
 */
public final class SearchProcess {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private SearchProcess() {}

    /** Argument: the folder of the crawl. */
    public static void main(String[] arguments) throws IOException {
        Random random = new Random(1);
        try (SearchIndex index = SearchIndex.open(Path.of(arguments[0]), Clock.system())) {
            Commands.serve(words -> measure(index, random, Integer.parseInt(words[0])));
        }
    }

    /** Each query is a word, and gets the first page of results with its snippets. */
    private static String measure(SearchIndex index, Random random, int queries) throws IOException {
        long cpu = SYSTEM.getProcessCpuTime();
        long found = 0;
        for (int i = 0; i < queries; i++) {
            SearchPage page = index.search(LinkedPages.word(random.nextInt(Integer.MAX_VALUE)), 1);
            found += page.total();
        }
        return (SYSTEM.getProcessCpuTime() - cpu) / queries + " " + found / queries;
    }
}
