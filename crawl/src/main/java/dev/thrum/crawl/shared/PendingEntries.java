package dev.thrum.crawl.shared;

import dev.thrum.pipeline.partitions.PartitionEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be written to the log. It grows by what runs at most: when nothing can be written, the lease ends, and nothing is requested any
 * more. Guarded by the lock of its owner.
 */
final class PendingEntries {
    private final List<PartitionEntry> entries = new ArrayList<>();
    private long bytes;

    void add(PartitionEntry entry) {
        entries.add(entry);
        bytes += entry.value().length;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    List<PartitionEntry> all() {
        return List.copyOf(entries);
    }

    void removeFirst(int count) {
        List<PartitionEntry> first = entries.subList(0, count);
        first.forEach(entry -> bytes -= entry.value().length);
        first.clear();
    }

    /** Removes what only the owner of a partition may write. */
    void forget(int partition) {
        entries.removeIf(entry -> entry.partition() == partition && !isFound(entry));
        bytes = entries.stream().mapToLong(entry -> entry.value().length).sum();
    }

    private static boolean isFound(PartitionEntry entry) {
        return entry.fact() == null && entry.value()[0] == SharedRecord.FOUND;
    }

    boolean has(int partition) {
        return entries.stream().anyMatch(entry -> entry.partition() == partition);
    }
}
