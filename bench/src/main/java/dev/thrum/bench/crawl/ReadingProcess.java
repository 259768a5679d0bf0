package dev.thrum.bench.crawl;

import com.sun.management.OperatingSystemMXBean;
import dev.thrum.bench.crawl.Reading.Found;
import dev.thrum.bench.load.Commands;
import dev.thrum.bench.load.LinkedPages;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * The main class of a process that reads pages in memory. It answers a line with a number of milliseconds: when it has used so much CPU (with the
 * collector and the compiler), with the number of pages that it has read, the nanoseconds of CPU, and what there is in its pages: links, characters of
 * links, and characters of titles.
 */
public final class ReadingProcess {
    /** They are not in the caches of a core. */
    private static final int PAGES = 500;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private ReadingProcess() {}

    /** Argument: the way to read. */
    public static void main(String[] arguments) throws IOException {
        Reading reading = Reading.named(arguments[0]);
        List<byte[]> pages = LinkedPages.inMemory(PAGES);
        Commands.serve(words -> measure(reading, pages, Long.parseLong(words[0]) * NANOS_PER_MILLI));
    }

    private static String measure(Reading reading, List<byte[]> pages, long window) throws IOException {
        long begun = SYSTEM.getProcessCpuTime();
        long cpu = 0;
        long count = 0;
        long links = 0;
        long anchors = 0;
        long titles = 0;
        long texts = 0;
        while (cpu < window) {
            links = 0;
            anchors = 0;
            titles = 0;
            for (byte[] page : pages) {
                Found found = reading.read(page);
                links += found.links();
                anchors += found.anchors();
                titles += found.title();
                texts += found.text();
            }
            count += pages.size();
            cpu = SYSTEM.getProcessCpuTime() - begun;
        }
        boolean isText = texts > 0;
        if (reading.hasText() != isText) {
            throw new IOException("expected text exactly if it is asked for");
        }
        return count + " " + cpu + " " + links + "/" + anchors + "/" + titles;
    }
}
