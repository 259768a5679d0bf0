package dev.thrum.pipeline;

import java.time.Duration;

/**
 * How far a stage is. The numbers are read one after the other while the stage works, so they can differ by the items
 * that moved meanwhile.
 *
 * @param name the stage
 * @param waiting the items that have arrived and not begun
 * @param aside the items that wait for a retry or for their key; not counted in {@code waiting}
 * @param running the items that workers have begun
 * @param done the items that ended well
 * @param failed the items that became dead letters
 * @param retried the failed attempts that were followed, or will be, by another
 * @param oldest how long ago the oldest item arrived that is neither done nor failed; 0 if there is none. A stage is
 *     stuck when this grows and {@code done} does not
 */
public record StageProgress(
        String name, long waiting, long aside, int running, long done, long failed, long retried, Duration oldest) {
    /** The items that have arrived and are neither done nor failed. */
    public long unfinished() {
        return waiting + aside + running;
    }
}
