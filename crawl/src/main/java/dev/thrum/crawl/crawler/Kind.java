package dev.thrum.crawl.crawler;

/**
 * What the frontier keeps of a URL besides its text, in a byte.
 *
 * @param isSeed whether the user has named it, or a seed has redirected to it
 * @param level of a sitemap, from 1 for those that robots.txt names; 0 for a page
 * @param hops how many redirects have led to it
 */
record Kind(boolean isSeed, int level, int hops) {
    static final int MOST_HOPS = 10;
    static final int MOST_LEVELS = 3;
    static final Kind PAGE = new Kind(false, 0, 0);
    static final Kind SEED = new Kind(true, 0, 0);

    private static final int SEED_BIT = 1;
    private static final int LEVEL_SHIFT = 1;
    private static final int HOPS_SHIFT = 3;

    static Kind of(byte code) {
        return new Kind((code & SEED_BIT) != 0, code >> LEVEL_SHIFT & MOST_LEVELS, code >> HOPS_SHIFT);
    }

    byte code() {
        return (byte) ((isSeed ? SEED_BIT : 0) | level << LEVEL_SHIFT | hops << HOPS_SHIFT);
    }

    boolean isSitemap() {
        return level > 0;
    }

    /** That of the target of a redirect. */
    Kind redirected() {
        return new Kind(isSeed, level, hops + 1);
    }

    static Kind sitemap(int level) {
        return new Kind(false, level, 0);
    }
}
