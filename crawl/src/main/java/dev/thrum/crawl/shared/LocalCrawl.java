package dev.thrum.crawl.shared;

import dev.thrum.crawl.frontier.NewUrl;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The crawl of this process, as {@link SharedUrls} uses it. Called by the thread of that, without a lock. */
public interface LocalCrawl {
    /** A URL was found that this process did not know, be it its own or not yet. Called before {@link #waits}. */
    void found(NewUrl url);

    /** What processes have told each other, by key. Called now and then. */
    void noticed(Map<String, String> notices);

    /** A URL of an authority waits, or this process owns it now. */
    void waits(String authority);

    /**
     * A URL is done, in whatever process. Called once for each in this run, in no order.
     *
     * @param note as it was written
     * @param place where the record is, for {@link SharedRun#urlAt}
     */
    void learned(byte[] note, SharedPlace place);

    /** Stops waiting with URLs that are to be tried again later, so that another process can. */
    void putBackNow(Predicate<String> authorities);

    /** What the next owner of authorities must know; nothing of those that can be asked at once. */
    Map<String, HostFacts> facts(Predicate<String> authorities);

    /** Authorities belong to another process now: nothing of them is requested any more, and what is known of them is void. */
    void dropped(Predicate<String> authorities);

    /** Makes everything durable that was recorded. */
    void commit() throws IOException;

    /** The folder that this process writes into, as an absolute path. */
    String folder();

    /** How far this process is. */
    Counts counts();

    /** The hosts that will take longest, in words. */
    List<String> slowest();

    /** All processes are done. */
    void ended();

    /** The crawl can't go on. */
    void failed(IOException cause);

    /**
     * How far a process is.
     *
     * @param skipped URLs that were left out
     * @param running requests, and responses that are not recorded yet
     */
    record Counts(long pages, long errors, long duplicates, long skipped, int running) {}
}
