package dev.thrum.database;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Keeps a thread of the database busy, so that calls made meanwhile wait. */
public final class Held implements AutoCloseable {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final CompletableFuture<String> call;

    private Held(Database database, boolean writes) {
        Work<String> work = session -> {
            begun.countDown();
            Waits.await(released);
            return "held";
        };
        call = writes ? database.transaction(work) : database.snapshot(work);
    }

    public static Held writer(Database database) {
        Held held = new Held(database, true);
        Waits.await(held.begun);
        return held;
    }

    static Held reader(Database database) {
        Held held = new Held(database, false);
        Waits.await(held.begun);
        return held;
    }

    CompletableFuture<String> call() {
        return call;
    }

    void release() {
        released.countDown();
    }

    @Override
    public void close() {
        release();
    }
}
