package dev.thrum.crawl.shared;

/** Where a record is in the log of a crawl. */
public record SharedPlace(int partition, long offset) {
    private static final int OFFSET_BITS = 44;

    /** The place as a number of at least zero. */
    public long code() {
        return (long) partition << OFFSET_BITS | offset;
    }

    /** The place with this {@link #code}. */
    public static SharedPlace of(long code) {
        return new SharedPlace((int) (code >>> OFFSET_BITS), code & (1L << OFFSET_BITS) - 1);
    }
}
