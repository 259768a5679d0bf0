package dev.thrum.pipeline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * How a stage runs. Immutable; each method returns a changed copy.
 *
 * @param workers the number of threads
 * @param isVirtual whether they are virtual, for work that mostly waits, or platform threads, for work that computes
 * @param capacity how many items may wait in its own queue; a stage with a queue of its own ignores it
 * @param perKey how many items of a key may run at once; 0 for any number
 * @param backlog how many items may wait that later stages, or the stage itself, have sent backwards; 0 if they share
 *     the queue
 * @param sendsTo the stages that it sends to
 * @param retry what happens after a failure
 */
public record StageOptions(
        int workers,
        boolean isVirtual,
        int capacity,
        int perKey,
        int backlog,
        List<StageName<?>> sendsTo,
        RetryPolicy retry) {
    private static final int DEFAULT_CAPACITY = 256;

    public StageOptions {
        requireAtLeast(1, workers, "workers");
        requireAtLeast(1, capacity, "capacity");
        requireAtLeast(0, perKey, "perKey");
        requireAtLeast(0, backlog, "backlog");
        sendsTo = List.copyOf(sendsTo);
        Objects.requireNonNull(retry, "retry");
    }

    /**
     * This many platform threads, room for 256 items, three attempts at an item ({@link RetryPolicy#standard}), no limit
     * per key, and no other stage to send to.
     */
    public static StageOptions workers(int number) {
        return new StageOptions(number, false, DEFAULT_CAPACITY, 0, 0, List.of(), RetryPolicy.standard());
    }

    /** Runs on virtual threads, for work that mostly waits. */
    public StageOptions virtual() {
        return new StageOptions(workers, true, capacity, perKey, backlog, sendsTo, retry);
    }

    /**
     * Lets this many items wait in the queue; whoever puts another one waits for room. At most as many again are set
     * aside, for a retry or for their key; when there are more, the stage takes no new ones.
     */
    public StageOptions capacity(int items) {
        return new StageOptions(workers, isVirtual, items, perKey, backlog, sendsTo, retry);
    }

    /**
     * Runs at most this many items of a key at once; 1 makes a keyed stage, where no two items of a key meet. An item
     * whose key is busy is set aside, and others go on.
     */
    public StageOptions perKey(int items) {
        requireAtLeast(1, items, "perKey");
        return new StageOptions(workers, isVirtual, capacity, items, backlog, sendsTo, retry);
    }

    /**
     * Lets items that are sent backwards, by later stages or by the stage itself, wait in a buffer of their own that
     * grows up to this limit. Senders never wait for room in it, so the cycle can't deadlock; beyond the limit they get
     * a {@link QueueFullException}. The stage takes from this buffer first.
     */
    public StageOptions backlog(int items) {
        requireAtLeast(1, items, "backlog");
        return new StageOptions(workers, isVirtual, capacity, perKey, items, sendsTo, retry);
    }

    /** Allows it to send items to these stages, too. */
    public StageOptions sendsTo(StageName<?>... stages) {
        Collection<StageName<?>> all = new ArrayList<>(sendsTo);
        all.addAll(List.of(stages));
        return new StageOptions(workers, isVirtual, capacity, perKey, backlog, List.copyOf(all), retry);
    }

    /** Replaces the policy of retries. */
    public StageOptions retry(RetryPolicy policy) {
        return new StageOptions(workers, isVirtual, capacity, perKey, backlog, sendsTo, policy);
    }

    private static void requireAtLeast(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException("expected " + name + " of at least " + least + " but was " + value);
        }
    }
}
