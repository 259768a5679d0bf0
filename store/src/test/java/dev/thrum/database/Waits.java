package dev.thrum.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Bounded waits. */
public final class Waits {
    private static final int SECONDS = 30;

    private Waits() {}

    public static <T extends @Nullable Object> T get(CompletableFuture<T> future) {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("expected a result but the call failed", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("expected a result within " + SECONDS + " s", e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    public static DatabaseException failure(CompletableFuture<?> future) {
        return ended(future).orElseThrow(() -> new AssertionError("expected a failure but the call succeeded"));
    }

    /** Why the call failed; empty if it succeeded. */
    public static Optional<DatabaseException.Reason> outcome(CompletableFuture<?> future) {
        return ended(future).map(DatabaseException::reason);
    }

    private static Optional<DatabaseException> ended(CompletableFuture<?> future) {
        try {
            future.get(SECONDS, TimeUnit.SECONDS);
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DatabaseException failure) {
                return Optional.of(failure);
            }
            throw new AssertionError("expected a DatabaseException", e);
        } catch (TimeoutException e) {
            throw new AssertionError("expected the call to end within " + SECONDS + " s", e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    public static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(SECONDS, TimeUnit.SECONDS))
                    .as("the latch to be counted down in time")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    public static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as(what).isNegative();
            LockSupport.parkNanos(5_000_000);
        }
    }
}
