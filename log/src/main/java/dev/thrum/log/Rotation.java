package dev.thrum.log;

/**
 * When a file is rotated, and how many rotated files are kept.
 *
 * @param size maximum size of the file in bytes; it is rotated before it would grow beyond that. 0 for any size
 * @param daily whether it is rotated at midnight
 * @param kept the number of rotated files that are kept, compressed: the newest ones
 */
public record Rotation(long size, boolean daily, int kept) {
    public Rotation {
        if (size < 0 || kept < 0) {
            throw new IllegalArgumentException(
                    "expected a size and a number of files of at least 0 but they were " + size + " and " + kept);
        }
    }

    /** No rotation: one file that grows. For users who rotate it with another program. */
    public static Rotation never() {
        return new Rotation(0, false, 0);
    }
}
