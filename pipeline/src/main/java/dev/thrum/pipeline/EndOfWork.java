package dev.thrum.pipeline;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Finds out whether all work is done that several processes share, from counters that are read one after the other while
 * the processes go on: the four-counter method (F. Mattern, Algorithms for Distributed Termination Detection,
 * Distributed Computing 2, 1987).
 *
 * <p>Each partition of the work has two counters that only grow: how many items were created in it, and how many are
 * done. An item is created when its queue has it, and done when its effects are complete and the items that it sends are
 * created. A {@link Round} reads all counters of what is done, and only then all counters of what was created. If the
 * sums are equal, all work was done at the moment between the two: what was done then is at least the first sum, what
 * was created at most the second, and nothing is done that was not created. Only work creates work, so it stays so.
 *
 * <p>Two things are the caller's: that no work comes from outside any more, which it must know before it begins the
 * round; and that an item counts once however often it is delivered. Offsets of a log do that: the end of a partition
 * is what was created, and the offset below which all is done is what is done.
 *
 * <p>A reading may be old: the largest one counts. Used by one thread at a time.
 *
 * @param <P> the partitions
 */
public final class EndOfWork<P> {
    private final Set<P> partitions;
    private final Map<P, Long> done = new HashMap<>();
    private final Map<P, Long> created = new HashMap<>();

    /** Creates a detector for work in these partitions, which stay the same. */
    public EndOfWork(Set<P> partitions) {
        this.partitions = Set.copyOf(partitions);
    }

    /** Begins a round of readings, which counts for itself. */
    public Round round() {
        return new Round();
    }

    private static <P> long sum(Map<P, Long> counters) {
        return counters.values().stream().mapToLong(Long::longValue).sum();
    }

    private void require(P partition, long value) {
        if (!partitions.contains(partition)) {
            throw new IllegalArgumentException("expected one of " + partitions + " but was " + partition);
        }
        if (value < 0) {
            throw new IllegalArgumentException("expected a counter of at least 0 but " + partition + " has " + value);
        }
    }

    /** The readings of one round: first what is done in each partition, then what was created in each. */
    public final class Round {
        private final Map<P, Long> createdNow = new HashMap<>();
        private final Map<P, Long> doneNow = new HashMap<>();

        private Round() {}

        /**
         * Takes the number of items that are done in a partition, or fewer.
         *
         * @throws IllegalStateException after {@link #created}: such a reading proves nothing
         */
        public void done(P partition, long items) {
            require(partition, items);
            if (!createdNow.isEmpty()) {
                throw new IllegalStateException(
                        "expected all readings of what is done before those of what was created but " + partition
                                + " comes after them: begin another round");
            }
            doneNow.put(partition, done.merge(partition, items, Math::max));
        }

        /**
         * Takes the number of items that were created in a partition, or more. It must have been read after all readings
         * of {@link #done}.
         *
         * @throws IllegalStateException if a reading of what is done is missing
         */
        public void created(P partition, long items) {
            require(partition, items);
            if (doneNow.size() < partitions.size()) {
                throw new IllegalStateException("expected what is done in each of " + partitions
                        + " first but only that of " + doneNow.keySet() + " was read");
            }
            createdNow.put(partition, created.merge(partition, items, Math::max));
        }

        /**
         * Whether everything is done that was ever created; false while readings are missing.
         *
         * @throws IllegalStateException if more is done in a partition than was created: the counters can't be true
         */
        public boolean isEnd() {
            if (createdNow.size() < partitions.size()) {
                return false;
            }
            doneNow.forEach((partition, number) -> {
                long all = createdNow.getOrDefault(partition, 0L);
                if (number > all) {
                    throw new IllegalStateException("expected at most as many items done in " + partition
                            + " as were created, " + all + ", but was " + number
                            + ": was what it consists of deleted and made again?");
                }
            });
            return unfinished() == 0;
        }

        /** The items that were created and are not known to be done. */
        public long unfinished() {
            return sum(createdNow) - sum(doneNow);
        }
    }
}
