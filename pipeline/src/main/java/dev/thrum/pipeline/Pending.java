package dev.thrum.pipeline;

import dev.thrum.base.Clock;
import dev.thrum.pipeline.PipelineQueue.Delivery;
import org.jspecify.annotations.Nullable;

/** A delivery that is set aside, for its next attempt or for its key. Guarded by the lock of its {@link Intake}. */
final class Pending<T> {
    private final Delivery<T> delivery;

    /** How often it was tried. */
    private final int attempts;

    /** The timer of its next attempt, while it waits for that. */
    private Clock.@Nullable Timer timer;

    Pending(Delivery<T> delivery, int attempts) {
        this.delivery = delivery;
        this.attempts = attempts;
    }

    Delivery<T> delivery() {
        return delivery;
    }

    String key() {
        return delivery.item().key();
    }

    int attempts() {
        return attempts;
    }

    void waitFor(Clock.Timer alarm) {
        timer = alarm;
    }

    void cancelTimer() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
