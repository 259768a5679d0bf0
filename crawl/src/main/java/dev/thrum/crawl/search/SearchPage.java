package dev.thrum.crawl.search;

import java.util.List;

/**
 * A page of results.
 *
 * @param total the number of pages that match the query
 * @param number of this page of results, from 1
 * @param isCut whether the query was too long, so that its end was not searched
 * @param hits the best first; empty if this is after the last page
 */
public record SearchPage(long total, int number, boolean isCut, List<Hit> hits) {
    /** The number of results on a page that is not the last. */
    public static final int SIZE = 10;

    /** The last page that can be asked for. */
    public static final int LAST = 1_000;

    public SearchPage {
        hits = List.copyOf(hits);
    }

    /** The number of pages that can be asked for. */
    public int pages() {
        return (int) Math.min(LAST, (total + SIZE - 1) / SIZE);
    }
}
