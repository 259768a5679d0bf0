package dev.thrum.simulation;

import dev.thrum.engine.Engine;
import dev.thrum.engine.spi.RestPolicy;
import dev.thrum.testkit.EngineUnderTest;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** One simulated world as an engine for the contract. Its fields are owned by the simulation's thread. */
final class SimulatedEngine implements EngineUnderTest {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(1);
    private static final Duration TIMEOUT = Duration.ofHours(1);

    private final long seed;
    private final Faults faults;
    private final RestPolicy resting;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private CompletableFuture<?> forks = CompletableFuture.completedFuture(null);
    private final @Nullable UnaryOperator<Engine> encryption;
    private @Nullable Simulation world;
    private @Nullable Engine encrypted;

    SimulatedEngine(long seed, Faults faults, RestPolicy resting) {
        this(seed, faults, resting, null);
    }

    /** @param encryption makes an engine whose connections are encrypted; null for plain ones */
    SimulatedEngine(long seed, Faults faults, RestPolicy resting, @Nullable UnaryOperator<Engine> encryption) {
        this.encryption = encryption;
        this.resting = resting;
        this.seed = seed;
        this.faults = faults;
    }

    /** The seeds from 1 to this one, or that of {@code -Dthrum.seed}. */
    static LongStream seeds(int last) {
        Long only = Long.getLong("thrum.seed");
        return only == null ? LongStream.rangeClosed(1, last) : LongStream.of(only);
    }

    @Override
    public Engine engine() {
        if (encryption == null) {
            return world().engine();
        }
        Engine known = encrypted;
        if (known == null) {
            known = encryption.apply(world().engine());
            encrypted = known;
        }
        return known;
    }

    @Override
    public boolean encrypted() {
        return encryption != null;
    }

    @Override
    public void run(Task scenario) {
        Trial.of(current -> {
                    world = current;
                    CompletableFuture<Void> played = fork("play", scenario);
                    await(CompletableFuture.anyOf(failure, played));
                    await(CompletableFuture.anyOf(failure, forks));
                })
                .withFaults(faults)
                .withResting(resting)
                // Some of the contract's handlers and timers fail on purpose; its scenarios assert what must not fail.
                .tolerating(Throwable.class)
                .run(seed);
    }

    private static void await(CompletableFuture<?> future) throws Exception {
        try {
            future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @Override
    public CompletableFuture<Void> fork(String name, Task task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        forks = CompletableFuture.allOf(forks, done);
        world().fork(name, () -> {
            try {
                task.run();
                return done.complete(null);
            } catch (Exception | Error e) {
                failure.completeExceptionally(e);
                return done.completeExceptionally(e);
            }
        });
        return done;
    }

    @Override
    public void until(String what, BooleanSupplier condition) {
        long end = world().clock().nanoTime() + TIMEOUT.toNanos();
        while (!condition.getAsBoolean()) {
            if (world().clock().nanoTime() > end) {
                throw new AssertionError("expected " + what + " within " + TIMEOUT + " of simulated time");
            }
            try {
                world().clock().sleep(POLL_INTERVAL);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
        }
    }

    @Override
    public boolean simulated() {
        return true;
    }

    @Override
    public void close() {
        // The run has closed the engine.
    }

    private Simulation world() {
        return Objects.requireNonNull(world, "expected to be called within run");
    }
}
