package dev.thrum.log;

/**
 * When a file is put aside for a new one, and what becomes of it.
 *
 * @param size in bytes; before it would grow beyond that. 0 for any size
 * @param daily whether that is done at midnight
 * @param kept so many of the newest are kept, compressed
 */
public record Rotation(long size, boolean daily, int kept) {
    public Rotation {
        if (size < 0 || kept < 0) {
            throw new IllegalArgumentException(
                    "expected a size and a number of files of at least 0 but they were " + size + " and " + kept);
        }
    }

    /** One file that grows; for those who have a program of their own that rotates. */
    public static Rotation never() {
        return new Rotation(0, false, 0);
    }
}
