package dev.thrum.crawl.crawler;

import java.io.IOException;

/** How a crawl has ended. After all but the first one it can be resumed. */
public sealed interface CrawlEnd {
    /** Everything that belongs to it was fetched, or left out for a reason that is recorded. */
    record Finished() implements CrawlEnd {
        @Override
        public String toString() {
            return "finished";
        }
    }

    /**
     * It was told to stop.
     *
     * @param by what has told it
     */
    record Stopped(String by) implements CrawlEnd {
        @Override
        public String toString() {
            return "stopped by " + by;
        }
    }

    /**
     * A limit was reached.
     *
     * @param limit in words
     */
    record AtLimit(String limit) implements CrawlEnd {
        @Override
        public String toString() {
            return "limit reached: " + limit;
        }
    }

    /**
     * Nothing has happened for a long time, though there are URLs to fetch.
     *
     * @param on what is waited for
     */
    record Stuck(String on) implements CrawlEnd {
        @Override
        public String toString() {
            return "stuck on " + on;
        }
    }

    /** Its files can't be written. What is on the disk is a state from which it can be resumed. */
    record Failed(IOException cause) implements CrawlEnd {
        @Override
        public String toString() {
            return "stopped: " + cause.getMessage();
        }
    }
}
