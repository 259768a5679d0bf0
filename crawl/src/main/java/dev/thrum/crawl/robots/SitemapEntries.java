package dev.thrum.crawl.robots;

/** Counts the entries of a sitemap and passes them on, up to a limit. Owned by the thread that reads the sitemap. */
final class SitemapEntries {
    /** The greatest length of an entry, in characters (the sitemap protocol, {@code loc}). */
    static final int LONGEST = 2_048;

    private final int most;
    private final SitemapReader.Listener listener;
    private int passed;
    private int dropped;
    private boolean isCut;

    SitemapEntries(int most, SitemapReader.Listener listener) {
        this.most = most;
        this.listener = listener;
    }

    /** A page is named. */
    void addPage(BoundedText loc) {
        if (admits(loc)) {
            listener.page(loc.text());
        }
    }

    /** A sitemap is named. */
    void addSitemap(BoundedText loc) {
        if (admits(loc)) {
            listener.sitemap(loc.text());
        }
    }

    /** Something stands in the place of an entry that is none. */
    void drop() {
        dropped++;
    }

    private boolean admits(BoundedText loc) {
        if (loc.isTooLong() || loc.isEmpty()) {
            drop();
            return false;
        }
        if (passed == most) {
            isCut = true;
            return false;
        }
        passed++;
        return true;
    }

    int passed() {
        return passed;
    }

    int dropped() {
        return dropped;
    }

    /** Whether there was one more than the limit. */
    boolean isCut() {
        return isCut;
    }
}
