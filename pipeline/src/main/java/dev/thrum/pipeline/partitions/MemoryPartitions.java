package dev.thrum.pipeline.partitions;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A log in memory, for tests of several members in one process. Partitions move when a member {@linkplain #join joins} or leaves, as evenly
 * as possible; a test can also take a member's place away ({@link #expel}), or move a partition ({@link #move}).
 *
 * <p>Safe for concurrent use; no foreign method is called under its lock.
 */
public final class MemoryPartitions {
    private static final int NOBODY = -1;

    private final int count;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    /** Something has changed that a member waits for. */
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final List<Partition> partitions = new ArrayList<>();

    @GuardedBy("lock")
    private final SequencedMap<Integer, Member> members = new LinkedHashMap<>();

    @GuardedBy("lock")
    private final Map<String, String> notices = new TreeMap<>();

    @GuardedBy("lock")
    private @Nullable String agreed;

    @GuardedBy("lock")
    private int joined;

    /** A fact, and when it was written, as a time of the clock. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Fact(byte[] value, long at) {}

    /** One partition. Guarded by the lock. */
    private static final class Partition {
        private final List<byte[]> records = new ArrayList<>();
        private final Map<String, Fact> facts = new TreeMap<>();

        /** The number of the member that owns it. */
        private int owner = NOBODY;

        /** The number of the member that is to own it. */
        private int target = NOBODY;
    }

    private MemoryPartitions(int count, Clock clock) {
        this.count = count;
        this.clock = clock;
        for (int i = 0; i < count; i++) {
            partitions.add(new Partition());
        }
    }

    /** An empty log. */
    public static MemoryPartitions of(int count, Clock clock) {
        if (count < 1) {
            throw new IllegalArgumentException("expected at least 1 partition but was " + count);
        }
        return new MemoryPartitions(count, clock);
    }

    /** A new member, which gets its share of the partitions. */
    public Partitions join() {
        lock.lock();
        try {
            int number = joined++;
            Member member = new Member(number);
            members.put(number, member);
            balance();
            return member;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the place of a member away, as if it had not been heard of for too long; it learns that when it polls, and then joins again. */
    public void expel(Partitions member) {
        lock.lock();
        try {
            remove(((Member) member).number);
        } finally {
            lock.unlock();
        }
    }

    /** Gives a partition to another member, as soon as its owner has agreed. */
    public void move(int partition, Partitions to) {
        lock.lock();
        try {
            partitions.get(partition).target = ((Member) to).number;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The records of a partition: a copy. */
    public List<byte[]> records(int partition) {
        lock.lock();
        try {
            return List.copyOf(partitions.get(partition).records);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void remove(int number) {
        Member member = members.remove(number);
        if (member == null) {
            return;
        }
        for (Partition partition : partitions) {
            if (partition.owner == number) {
                partition.owner = NOBODY;
            }
        }
        balance();
    }

    /** Lets each member have as many partitions as the others, or one more; as few of them move as possible. */
    @GuardedBy("lock")
    private void balance() {
        Map<Integer, Integer> shares = new HashMap<>();
        int most = members.isEmpty() ? 0 : Math.ceilDiv(partitions.size(), members.size());
        for (Partition partition : partitions) {
            int share = shares.getOrDefault(partition.target, 0);
            if (members.containsKey(partition.target) && share < most) {
                shares.put(partition.target, share + 1);
            } else {
                partition.target = NOBODY;
            }
        }
        for (Partition partition : partitions) {
            if (partition.target == NOBODY && !members.isEmpty()) {
                int least = members.firstEntry().getKey();
                for (int member : members.keySet()) {
                    if (shares.getOrDefault(member, 0) < shares.getOrDefault(least, 0)) {
                        least = member;
                    }
                }
                partition.target = least;
                shares.merge(least, 1, Integer::sum);
            }
        }
        changed.signalAll();
    }

    /** One member. Its fields belong to the thread that polls, unless they are guarded. */
    private final class Member implements Partitions {
        private final int number;

        /** The offset of the next record of each partition that is owned. */
        @GuardedBy("lock")
        private final Map<Integer, Long> positions = new TreeMap<>();

        @GuardedBy("lock")
        private boolean isClosed;

        private Member(int number) {
            this.number = number;
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public String member() {
            return "member-" + number;
        }

        @Override
        public String agree(String proposal) {
            lock.lock();
            try {
                if (agreed == null) {
                    agreed = proposal;
                }
                return agreed;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void poll(Duration patience, PartitionOwner owner) throws IOException, InterruptedException {
            boolean hasMoved = letGo(owner);
            hasMoved |= take(owner);
            hasMoved |= read(owner);
            if (hasMoved) {
                return;
            }
            Deadline deadline = Deadline.in(patience, clock);
            lock.lockInterruptibly();
            try {
                if (deadline.nanosLeft() > 0 && !hasNews()) {
                    deadline.await(changed);
                }
            } finally {
                lock.unlock();
            }
        }

        @GuardedBy("lock")
        private boolean hasNews() {
            if (!members.containsKey(number)) {
                return !isClosed;
            }
            for (int i = 0; i < partitions.size(); i++) {
                Partition partition = partitions.get(i);
                boolean isMine = partition.owner == number;
                Long position = positions.get(i);
                boolean isMoving = isMine != (partition.target == number) && (isMine || partition.owner == NOBODY);
                boolean hasMore = position != null && position < partition.records.size();
                if (isMine != (position != null) || isMoving || hasMore) {
                    return true;
                }
            }
            return false;
        }

        /** Parts with partitions that are not this member's any more, or are to be another one's. */
        private boolean letGo(PartitionOwner owner) throws IOException, InterruptedException {
            List<Integer> lost = new ArrayList<>();
            List<Integer> revoked = new ArrayList<>();
            lock.lock();
            try {
                for (int partition : positions.keySet()) {
                    if (partitions.get(partition).owner != number) {
                        lost.add(partition);
                    } else if (partitions.get(partition).target != number) {
                        revoked.add(partition);
                    }
                }
                lost.forEach(positions::remove);
            } finally {
                lock.unlock();
            }
            for (int partition : lost) {
                owner.lost(partition);
            }
            for (int partition : revoked) {
                owner.revoked(partition);
                release(partition);
            }
            return !lost.isEmpty() || !revoked.isEmpty();
        }

        private void release(int partition) {
            lock.lock();
            try {
                positions.remove(partition);
                if (partitions.get(partition).owner == number) {
                    partitions.get(partition).owner = NOBODY;
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private boolean take(PartitionOwner owner) throws IOException {
            List<Integer> taken = new ArrayList<>();
            lock.lock();
            try {
                if (isClosed) {
                    return false;
                }
                if (members.putIfAbsent(number, this) == null) {
                    balance();
                }
                for (int i = 0; i < partitions.size(); i++) {
                    Partition partition = partitions.get(i);
                    if (partition.target == number && partition.owner == NOBODY) {
                        partition.owner = number;
                        taken.add(i);
                    }
                }
            } finally {
                lock.unlock();
            }
            for (int partition : taken) {
                take(partition, owner);
            }
            return !taken.isEmpty();
        }

        private void take(int partition, PartitionOwner owner) throws IOException {
            long from = owner.assigned(partition);
            Map<String, Fact> facts;
            long now = clock.nanoTime();
            lock.lock();
            try {
                positions.put(partition, from);
                facts = Map.copyOf(partitions.get(partition).facts);
            } finally {
                lock.unlock();
            }
            for (Map.Entry<String, Fact> fact : facts.entrySet()) {
                long age = now - fact.getValue().at();
                owner.fact(partition, fact.getKey(), fact.getValue().value(), Duration.ofNanos(Math.max(0, age)));
            }
            boolean _ = read(partition, owner);
            owner.caughtUp(partition);
        }

        private boolean read(PartitionOwner owner) throws IOException {
            boolean hasRead = false;
            for (int partition = 0; partition < count(); partition++) {
                hasRead |= read(partition, owner);
            }
            return hasRead;
        }

        private boolean read(int partition, PartitionOwner owner) throws IOException {
            long from;
            List<byte[]> records;
            lock.lock();
            try {
                Long position = positions.get(partition);
                Partition log = partitions.get(partition);
                if (position == null || log.owner != number || position >= log.records.size()) {
                    return false;
                }
                from = position;
                records = List.copyOf(log.records.subList((int) from, log.records.size()));
                positions.put(partition, from + records.size());
            } finally {
                lock.unlock();
            }
            for (int i = 0; i < records.size(); i++) {
                owner.record(partition, from + i, records.get(i));
            }
            return true;
        }

        @Override
        public boolean commit(List<PartitionEntry> entries) {
            lock.lock();
            try {
                if (!members.containsKey(number)) {
                    return false;
                }
                for (PartitionEntry entry : entries) {
                    Partition partition = partitions.get(entry.partition());
                    if (entry.fact() == null) {
                        partition.records.add(entry.value());
                    } else {
                        partition.facts.put(entry.fact(), new Fact(entry.value(), clock.nanoTime()));
                    }
                }
                changed.signalAll();
                return true;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long position(int partition) {
            lock.lock();
            try {
                return positions.getOrDefault(partition, -1L);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long[] ends() {
            lock.lock();
            try {
                return partitions.stream()
                        .mapToLong(partition -> partition.records.size())
                        .toArray();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public byte[] read(int partition, long offset) {
            lock.lock();
            try {
                return partitions.get(partition).records.get(Math.toIntExact(offset));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void tell(String key, String value) {
            lock.lock();
            try {
                notices.put(key, value);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public Map<String, String> notices() {
            lock.lock();
            try {
                return Map.copyOf(notices);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public Optional<String> trouble() {
            return Optional.empty();
        }

        @Override
        public void close() {
            lock.lock();
            try {
                isClosed = true;
                remove(number);
            } finally {
                lock.unlock();
            }
        }
    }
}
