package dev.thrum.bench.stages;

import dev.thrum.pipeline.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * The least that stages need: a bounded queue and threads each. It counts what is done, and ends by an item that means the end;
 * it has no retries, keys, reports, or end while work is sent backwards.
 */
final class BareStages {
    private static final Item<String> END = Item.of("end", "end", "end");

    private final int workers;
    private final LongAdder done = new LongAdder();

    BareStages(int workers) {
        this.workers = workers;
    }

    void run(int items) throws InterruptedException {
        List<BlockingQueue<Item<String>>> queues = new ArrayList<>();
        List<List<Thread>> stages = new ArrayList<>();
        for (int i = 0; i < Stages.COUNT; i++) {
            queues.add(new ArrayBlockingQueue<>(Stages.CAPACITY));
        }
        for (int i = 0; i < Stages.COUNT; i++) {
            BlockingQueue<Item<String>> from = queues.get(i);
            boolean isLast = i + 1 == Stages.COUNT;
            stages.add(start(isLast ? () -> count(from) : forward(from, queues.get(i + 1))));
        }
        for (int i = 0; i < items; i++) {
            queues.getFirst().put(PipelineStages.item(i));
        }
        for (int i = 0; i < Stages.COUNT; i++) {
            for (int worker = 0; worker < workers; worker++) {
                queues.get(i).put(END);
            }
            for (Thread thread : stages.get(i)) {
                thread.join();
            }
        }
        if (done.sum() != items) {
            throw new IllegalStateException("expected " + items + " items to be done but was " + done.sum());
        }
    }

    private List<Thread> start(Runnable body) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            threads.add(Thread.ofPlatform().daemon().start(body));
        }
        return threads;
    }

    @SuppressWarnings("ReferenceEquality") // END is one object, and so is every item: nothing is copied on the way.
    private static Runnable forward(BlockingQueue<Item<String>> from, BlockingQueue<Item<String>> to) {
        return () -> {
            try {
                for (Item<String> item = from.take(); item != END; item = from.take()) {
                    to.put(item);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    @SuppressWarnings("ReferenceEquality") // As above.
    private void count(BlockingQueue<Item<String>> from) {
        try {
            for (Item<String> item = from.take(); item != END; item = from.take()) {
                done.increment();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
