package dev.thrum.lab.picture;

import java.util.Objects;

/**
 * A thread of a real run that waits for ever.
 *
 * @param thread its name
 * @param line where it waits, as a line of the listing's file; 0 if that is not known
 * @param lock what it waits for
 * @param holder the name of the thread that holds the lock
 */
public record Stuck(String thread, int line, String lock, String holder) {
    public Stuck {
        Objects.requireNonNull(thread, "thread");
        Objects.requireNonNull(lock, "lock");
        Objects.requireNonNull(holder, "holder");
    }
}
