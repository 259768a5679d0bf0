package dev.thrum.pipeline.kafka.partitions;

import org.apache.kafka.common.errors.InterruptException;

/** Kafka's clients report an interrupt with an unchecked exception, and set the flag of the thread again. */
final class Interrupts {
    private Interrupts() {}

    /** The checked exception for it; the flag is cleared, as with any method that throws one. */
    static InterruptedException of(InterruptException cause, String when) {
        boolean _ = Thread.interrupted();
        InterruptedException interrupt = new InterruptedException("interrupted " + when);
        interrupt.initCause(cause);
        return interrupt;
    }
}
