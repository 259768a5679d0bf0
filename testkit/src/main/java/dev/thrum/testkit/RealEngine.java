package dev.thrum.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.engine.Engine;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * An engine in real time: the scenario runs on a platform thread and its forks on virtual threads; a scenario that hangs is
 * ended.
 */
final class RealEngine implements EngineUnderTest {
    /** The maximum time for a whole scenario; the machine may be busy with other things. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** The maximum time for one condition. */
    private static final Duration CONDITION_PATIENCE = Duration.ofSeconds(30);
    /** The maximum time for threads that were interrupted to end. */
    private static final Duration END_PATIENCE = Duration.ofSeconds(5);

    private static final long RECHECK_NANOS = 100_000;

    private final Engine engine;
    private final boolean encrypted;
    private final boolean small;
    private final Queue<Fork> forks = new ConcurrentLinkedQueue<>();
    private final Queue<Fork> notJoined = new ConcurrentLinkedQueue<>();
    /** Completed by the first fork that fails. */
    private final CompletableFuture<Void> failure = new CompletableFuture<>();

    private record Fork(String name, Thread thread, CompletableFuture<Void> done) {}

    RealEngine(Engine engine, boolean encrypted, boolean small) {
        this.engine = engine;
        this.encrypted = encrypted;
        this.small = small;
    }

    @Override
    public boolean small() {
        return small;
    }

    @Override
    public boolean encrypted() {
        return encrypted;
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public void run(Task scenario) throws Exception {
        CompletableFuture<Void> played = new CompletableFuture<>();
        Thread root = Thread.ofPlatform()
                .daemon()
                .name("thrum-scenario")
                .start(() -> complete(played, () -> {
                    scenario.run();
                    joinForks();
                }));
        forks.add(new Fork("scenario", root, played));
        try {
            CompletableFuture.anyOf(played, failure).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable first = Objects.requireNonNull(e.getCause());
            endAll(first);
            rethrow(first);
        } catch (TimeoutException e) {
            AssertionError hangs = new AssertionError(
                    "expected the scenario to end within " + PATIENCE.toSeconds() + " s but it hangs:" + stacks(), e);
            endAll(hangs);
            throw hangs;
        }
    }

    private void joinForks() throws InterruptedException, ExecutionException {
        // A fork may start others while it is awaited: they are in the queue before it ends.
        for (Fork fork = notJoined.poll(); fork != null; fork = notJoined.poll()) {
            fork.done().get();
        }
    }

    @Override
    @CanIgnoreReturnValue
    public CompletableFuture<Void> fork(String name, Task task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> {
            complete(done, task);
            if (done.isCompletedExceptionally()) {
                failure.completeExceptionally(done.exceptionNow());
            }
        });
        Fork fork = new Fork(name, thread, done);
        forks.add(fork);
        notJoined.add(fork);
        thread.start();
        return done;
    }

    @Override
    public void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + CONDITION_PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
                throw new AssertionError("expected " + what + " within " + CONDITION_PATIENCE.toSeconds()
                        + " s but it did not happen; the connections are " + engine.connections());
            }
            LockSupport.parkNanos(RECHECK_NANOS);
        }
    }

    @Override
    public void close() {
        engine.close();
    }

    // Any throwable of a test is the result of its task, assertion errors in particular.
    private static void complete(CompletableFuture<Void> result, Task task) {
        try {
            task.run();
            result.complete(null);
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    /** Ends all forks, so that a failed scenario leaves nothing running. */
    private void endAll(Throwable failure) throws InterruptedException {
        engine.close();
        for (Fork fork : forks) {
            fork.thread().interrupt();
        }
        for (Fork fork : forks) {
            if (!fork.thread().join(END_PATIENCE)) {
                failure.addSuppressed(
                        new AssertionError("expected every fork to end with its scenario but it hangs:" + stacks()));
                return;
            }
        }
    }

    private String stacks() {
        StringBuilder text = new StringBuilder("\n").append(engine.connections());
        for (Fork fork : forks) {
            if (fork.thread().isAlive()) {
                text.append("\n").append(fork.name());
                for (StackTraceElement frame : fork.thread().getStackTrace()) {
                    text.append("\n    at ").append(frame);
                }
            }
        }
        return text.toString();
    }

    private static void rethrow(Throwable failure) throws Exception {
        switch (failure) {
            case Exception e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError(failure);
        }
    }
}
