package dev.thrum.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One random schedule of several processes that work on the partitions of a log: they take items, create others in any
 * partition, finish, note how far all is done, and crash, after which another process takes what was not noted again.
 * Meanwhile an observer reads one counter at a time.
 */
final class SharedWorkSchedule {
    private static final int PARTITIONS = 3;
    private static final int PROCESSES = 3;
    private static final int MOST_CHILDREN = 3;
    private static final int MOST_CRASHES = 6;

    /** An item: how many generations may follow it. */
    private record Work(int generations) {}

    /** What a process has in hand. */
    private static final class InHand {
        private final int partition;
        private final int offset;
        private final int generations;
        private int children;

        InHand(int partition, int offset, int generations, int children) {
            this.partition = partition;
            this.offset = offset;
            this.generations = generations;
            this.children = children;
        }
    }

    /** A process; the offsets that it has finished and not noted are lost with it. */
    private static final class Worker {
        private final List<InHand> inHand = new ArrayList<>();
        private final Map<Integer, Set<Integer>> finished = new HashMap<>();
    }

    private final Random random;
    private final boolean rightOrder;
    private final List<List<Work>> log = new ArrayList<>();
    private final int[] noted = new int[PARTITIONS];
    private final int[] position = new int[PARTITIONS];
    private final int[] owner = new int[PARTITIONS];
    private final List<Worker> processes = new ArrayList<>();
    private final EndOfWork<Integer> end =
            new EndOfWork<>(IntStream.range(0, PARTITIONS).boxed().collect(Collectors.toSet()));

    private int inputLeft;
    private int crashesLeft;
    private int redelivered;
    private boolean early;

    /** The observer: its round, and which reading is next. */
    private EndOfWork<Integer>.@Nullable Round round;

    private int reading;
    private final List<Long> firstReadings = new ArrayList<>();

    SharedWorkSchedule(long seed, boolean rightOrder) {
        this.random = new Random(seed);
        this.rightOrder = rightOrder;
        this.inputLeft = 1 + random.nextInt(5);
        this.crashesLeft = random.nextInt(MOST_CRASHES + 1);
        for (int i = 0; i < PARTITIONS; i++) {
            log.add(new ArrayList<>());
            owner[i] = random.nextInt(PROCESSES);
        }
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(new Worker());
        }
        while (!isDone()) {
            step();
        }
    }

    boolean endsEarly() {
        return early;
    }

    int redelivered() {
        return redelivered;
    }

    /** Whether an observer finds the end now that nothing happens any more. */
    boolean finds() {
        round = null;
        boolean found = false;
        for (int i = 0; i < 2 * PARTITIONS; i++) {
            found = observe();
        }
        return found;
    }

    private boolean isDone() {
        return inputLeft == 0
                && IntStream.range(0, PARTITIONS)
                        .allMatch(i -> noted[i] == log.get(i).size());
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0 -> putInput();
            case 1 -> crash();
            case 2, 3, 4 -> take(random.nextInt(PARTITIONS));
            case 5, 6, 7 -> work(processes.get(random.nextInt(PROCESSES)));
            case 8 -> note(random.nextInt(PARTITIONS));
            default -> observeAndCheck();
        }
    }

    private void putInput() {
        if (inputLeft > 0) {
            create(random.nextInt(4));
            inputLeft--;
        }
    }

    private void create(int generations) {
        log.get(random.nextInt(PARTITIONS)).add(new Work(generations));
    }

    private void take(int partition) {
        List<Work> items = log.get(partition);
        if (position[partition] < items.size()) {
            int offset = position[partition]++;
            int generations = items.get(offset).generations();
            int children = generations == 0 ? 0 : random.nextInt(MOST_CHILDREN);
            processes.get(owner[partition]).inHand.add(new InHand(partition, offset, generations, children));
        }
    }

    /** Creates a child, or finishes an item that has none left to create. */
    private void work(Worker process) {
        if (process.inHand.isEmpty()) {
            return;
        }
        InHand item = process.inHand.get(random.nextInt(process.inHand.size()));
        if (item.children > 0) {
            item.children--;
            create(item.generations - 1);
        } else {
            process.inHand.remove(item);
            process.finished
                    .computeIfAbsent(item.partition, _ -> new TreeSet<>())
                    .add(item.offset);
        }
    }

    /** Notes in the log how far all is done; in order. */
    private void note(int partition) {
        Set<Integer> finished = processes.get(owner[partition]).finished.getOrDefault(partition, Set.of());
        while (finished.contains(noted[partition])) {
            noted[partition]++;
        }
    }

    private void crash() {
        if (crashesLeft == 0) {
            return;
        }
        crashesLeft--;
        int victim = random.nextInt(PROCESSES);
        processes.set(victim, new Worker());
        for (int i = 0; i < PARTITIONS; i++) {
            if (owner[i] == victim) {
                redelivered += position[i] - noted[i];
                position[i] = noted[i];
                owner[i] = random.nextInt(PROCESSES);
            }
        }
    }

    /** An observer knows that the input is closed before it begins a round. */
    private void observeAndCheck() {
        if ((round != null || inputLeft == 0) && observe()) {
            early |= !isDone();
        }
    }

    /** Makes the next reading; returns whether it finds the end. */
    private boolean observe() {
        EndOfWork<Integer>.Round now = round;
        if (now == null) {
            now = end.round();
            round = now;
            reading = 0;
            firstReadings.clear();
        }
        int partition = reading % PARTITIONS;
        boolean isFirst = reading < PARTITIONS;
        reading++;
        if (rightOrder) {
            if (isFirst) {
                now.done(partition, noted[partition]);
            } else {
                now.created(partition, log.get(partition).size());
            }
        } else {
            readWrongly(now, partition, isFirst);
        }
        if (reading < 2 * PARTITIONS) {
            return false;
        }
        round = null;
        return now.isEnd();
    }

    /** Reads what was created first, and reports it last. */
    private void readWrongly(EndOfWork<Integer>.Round now, int partition, boolean isFirst) {
        if (isFirst) {
            firstReadings.add((long) log.get(partition).size());
            return;
        }
        now.done(partition, Math.min(noted[partition], firstReadings.get(partition)));
        if (partition == PARTITIONS - 1) {
            for (int i = 0; i < PARTITIONS; i++) {
                now.created(i, firstReadings.get(i));
            }
        }
    }
}
