package dev.thrum.pipeline.partitions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every log in partitions must do. */
@Timeout(120)
public abstract class PartitionsContract {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int MANY = 6;

    /** A new member of the log of this test, which has no records yet. */
    protected abstract Partitions join() throws Exception;

    /** Takes the place of a member away, which doesn't poll meanwhile, while others do. */
    protected abstract void expel(Partitions member, Runnable othersPoll) throws Exception;

    /** An owner that remembers what it is told. */
    protected static final class Owner implements PartitionOwner {
        final Set<Integer> owned = new TreeSet<>();
        final Set<Integer> caughtUp = new TreeSet<>();
        final Set<Integer> lost = new TreeSet<>();
        final Map<Integer, List<String>> records = new TreeMap<>();
        final Map<String, String> facts = new TreeMap<>();
        Runnable beforeItGoes = () -> {};

        List<String> of(int partition) {
            return records.getOrDefault(partition, List.of());
        }

        @Override
        public long assigned(int partition) {
            assertThat(owned.add(partition)).isTrue();
            records.put(partition, new ArrayList<>());
            return 0;
        }

        @Override
        public void fact(int partition, String key, byte[] value, Duration age) {
            assertThat(owned).contains(partition);
            assertThat(age).isGreaterThanOrEqualTo(Duration.ZERO);
            facts.put(key, new String(value, UTF_8));
        }

        @Override
        public void record(int partition, long offset, byte[] value) {
            assertThat(owned).contains(partition);
            records.getOrDefault(partition, List.of()).add(new String(value, UTF_8));
        }

        @Override
        public void caughtUp(int partition) {
            caughtUp.add(partition);
        }

        @Override
        public void revoked(int partition) {
            beforeItGoes.run();
            assertThat(owned.remove(partition)).isTrue();
            caughtUp.remove(partition);
        }

        @Override
        public void lost(int partition) {
            assertThat(owned.remove(partition)).isTrue();
            caughtUp.remove(partition);
            lost.add(partition);
        }
    }

    private static void pollUntil(BooleanSupplier isReached, Object... membersAndOwners) throws Exception {
        while (!isReached.getAsBoolean()) {
            for (int i = 0; i < membersAndOwners.length; i += 2) {
                ((Partitions) membersAndOwners[i]).poll(POLL, (Owner) membersAndOwners[i + 1]);
            }
        }
    }

    private static PartitionEntry record(int partition, String value) {
        return PartitionEntry.record(partition, value.getBytes(UTF_8));
    }

    @Test
    void commit_isReadByTheOwner_inOrder_andCounted() throws Exception {
        try (Partitions member = join()) {
            Owner owner = new Owner();
            pollUntil(() -> owner.caughtUp.size() == member.count(), member, owner);
            long before = member.ends()[1];

            assertThat(member.commit(List.of(record(1, "a"), record(0, "b"), record(1, "c"))))
                    .isTrue();
            pollUntil(() -> owner.of(1).size() == 2 && !owner.of(0).isEmpty(), member, owner);

            assertThat(owner.of(1)).containsExactly("a", "c");
            pollUntil(() -> position(member, 1) == ends(member)[1], member, owner);
            assertThat(member.ends()[1]).isGreaterThanOrEqualTo(before + 2);
            assertThat(new String(member.read(1, before), UTF_8)).isEqualTo("a");
        }
    }

    private static long position(Partitions member, int partition) {
        return member.position(partition);
    }

    private static long[] ends(Partitions member) {
        try {
            return member.ends();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void join_movesPartitions_afterTheirOwnerHasWrittenItsLast_withTheirFacts() throws Exception {
        try (Partitions first = join()) {
            Owner one = new Owner();
            pollUntil(() -> one.caughtUp.size() == first.count(), first, one);
            one.beforeItGoes = () -> {
                for (int partition = 0; partition < first.count(); partition++) {
                    assertThat(commit(
                                    first,
                                    record(partition, "last"),
                                    PartitionEntry.fact(partition, "host-" + partition, "1".getBytes(UTF_8)),
                                    PartitionEntry.fact(partition, "host-" + partition, "2".getBytes(UTF_8))))
                            .isTrue();
                }
            };
            try (Partitions second = join()) {
                Owner two = new Owner();
                pollUntil(
                        () -> !two.caughtUp.isEmpty() && one.owned.size() + two.caughtUp.size() == first.count(),
                        first,
                        one,
                        second,
                        two);

                assertThat(one.lost).isEmpty();
                assertThat(two.owned).doesNotContainAnyElementsOf(one.owned);
                for (int partition : two.owned) {
                    assertThat(two.records.get(partition)).endsWith("last");
                    assertThat(two.facts).containsEntry("host-" + partition, "2");
                }
            }
            pollUntil(() -> one.caughtUp.size() == first.count(), first, one);
        }
    }

    private static boolean commit(Partitions member, PartitionEntry... entries) {
        try {
            return member.commit(List.of(entries));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void commit_ofAMemberThatHasLostItsPlace_isRefused_andThenItJoinsAgain() throws Exception {
        try (Partitions stopped = join();
                Partitions other = join()) {
            Owner old = new Owner();
            Owner next = new Owner();
            pollUntil(
                    () -> !old.caughtUp.isEmpty() && old.caughtUp.size() + next.caughtUp.size() == other.count(),
                    stopped,
                    old,
                    other,
                    next);
            int partition = old.owned.iterator().next();
            expel(stopped, () -> {
                try {
                    other.poll(POLL, next);
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            pollUntil(() -> next.caughtUp.size() == other.count(), other, next);

            assertThat(stopped.commit(List.of(record(partition, "too late")))).isFalse();
            assertThat(other.commit(List.of(record(partition, "in time")))).isTrue();
            pollUntil(() -> !old.lost.isEmpty() && !old.caughtUp.isEmpty(), stopped, old, other, next);

            assertThat(old.lost).contains(partition);
            pollUntil(() -> old.caughtUp.size() + next.caughtUp.size() == other.count(), stopped, old, other, next);
            Owner holder = next.owned.contains(partition) ? next : old;
            assertThat(holder.records.get(partition)).containsExactly("in time");
        }
    }

    @Test
    void partitionThatComesBack_comesWithAllItsFacts() throws Exception {
        try (Partitions earlier = join()) {
            Owner owner = new Owner();
            pollUntil(() -> owner.caughtUp.size() == earlier.count(), earlier, owner);
            List<PartitionEntry> facts = new ArrayList<>();
            for (int partition = 0; partition < earlier.count(); partition++) {
                facts.add(PartitionEntry.fact(partition, "host-" + partition, "1".getBytes(UTF_8)));
            }
            assertThat(earlier.commit(facts)).isTrue();
        }
        try (Partitions first = join()) {
            Owner one = new Owner();
            pollUntil(() -> one.caughtUp.size() == first.count(), first, one);
            try (Partitions second = join()) {
                Owner two = new Owner();
                pollUntil(
                        () -> !two.caughtUp.isEmpty() && one.owned.size() + two.owned.size() == first.count(),
                        first,
                        one,
                        second,
                        two);
                two.owned.forEach(partition -> one.facts.remove("host-" + partition));
            }
            pollUntil(() -> one.caughtUp.size() == first.count(), first, one);
            assertThat(one.facts).hasSize(first.count());
        }
    }

    @Test
    void agree_isTheTextOfTheFirst_alsoLater() throws Exception {
        try (Partitions first = join();
                Partitions second = join()) {
            assertThat(first.agree("one\n")).isEqualTo("one\n");
            assertThat(second.agree("two\n")).isEqualTo("one\n");
        }
        try (Partitions third = join()) {
            assertThat(third.agree("three\n")).isEqualTo("one\n");
        }
    }

    @Test
    void agree_ofManyAtOnce_isTheSameText() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService members = Executors.newFixedThreadPool(MANY)) {
            List<Future<String>> agreed = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                Partitions member = join();
                String proposal = i + "\n";
                agreed.add(members.submit(() -> {
                    try (member) {
                        start.await();
                        return member.agree(proposal);
                    }
                }));
            }
            start.countDown();
            Set<String> texts = new TreeSet<>();
            for (Future<String> text : agreed) {
                texts.add(text.get());
            }
            assertThat(texts).hasSize(1);
        }
    }

    @Test
    void tell_reachesAllMembers_andTheLatestCounts() throws Exception {
        try (Partitions first = join();
                Partitions second = join()) {
            first.tell("key", "old");
            first.tell("key", "new");
            Owner one = new Owner();
            Owner two = new Owner();
            pollUntil(() -> "new".equals(second.notices().get("key")), first, one, second, two);

            assertThat(first.member()).isNotEqualTo(second.member());
        }
    }
}
