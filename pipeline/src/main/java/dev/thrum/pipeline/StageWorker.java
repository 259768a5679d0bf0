package dev.thrum.pipeline;

import dev.thrum.pipeline.Intake.Found;
import dev.thrum.pipeline.Intake.Next;
import dev.thrum.pipeline.PipelineQueue.Delivery;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One worker of a stage: takes items, runs the stage's function on them, and decides what becomes of each.
 *
 * <p>Its fields belong to its thread, except for {@code batch}, from which other workers take, and {@code current} and the
 * counters, which reports read.
 */
final class StageWorker<T> implements StageRun, Intake.Source<T>, Runnable {

    /*
     * Interrupts
     *
     * Only a stop that is out of patience interrupts, after the intake is stopped. A worker clears pending interrupts, of
     * the last item or of other code, before it asks the intake whether it may begin another item. If it clears that of the
     * stop, the intake is stopped, and nothing begins. So an interrupt of the stop reaches the item that runs, and an
     * interrupt by anybody else doesn't reach the next item.
     */

    private static final System.Logger LOG = System.getLogger(Pipeline.class.getName());
    private static final int NONE = 0;

    private static final VarHandle CURRENT;
    private static final VarHandle DONE;
    private static final VarHandle FAILED;
    private static final VarHandle RETRIED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CURRENT = lookup.findVarHandle(StageWorker.class, "current", Delivery.class);
            DONE = lookup.findVarHandle(StageWorker.class, "done", long.class);
            FAILED = lookup.findVarHandle(StageWorker.class, "failed", long.class);
            RETRIED = lookup.findVarHandle(StageWorker.class, "retried", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Stage<T> stage;
    private final Intake<T> intake;
    private final StageFunction<T> function;
    private final Ledger.Account account;
    private final Thread thread;
    private final int mostClaimed;

    /** Replaced by the owner only; taken from by all workers of the stage. */
    private volatile Batch<T> batch = new Batch<>(List.of());

    /** The items of a batch while it is made; otherwise empty. */
    private List<Delivery<T>> claimed = new ArrayList<>();

    /** What it runs; null between two items. Written with release by the owner. */
    @SuppressWarnings("UnusedVariable") // Read through CURRENT.
    private @Nullable Delivery<T> current;

    /** The number of the attempt whose function runs; {@link #NONE} if none does. */
    private int attempt = NONE;

    /** How long the key of the item is held after this attempt. */
    private Duration hold = Duration.ZERO;

    /** Counters, written opaquely by the owner. */
    private long done;

    private long failed;
    private long retried;

    StageWorker(Stage<T> stage, Intake<T> intake, int mostClaimed) {
        this.stage = stage;
        this.intake = intake;
        this.mostClaimed = mostClaimed;
        this.function = stage.function();
        this.account = stage.account();
        this.thread = stage.newThread(this);
    }

    Thread thread() {
        return thread;
    }

    @Override
    public void run() {
        boolean goesOn = true;
        while (goesOn) {
            try {
                goesOn = step();
            } catch (Throwable unexpected) {
                survive(unexpected);
            }
        }
        account.close();
    }

    /** Logs a failure outside of the stage's function, such as lack of memory. */
    private void survive(Throwable unexpected) {
        try {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "A worker of " + stage.name() + " had trouble around an item",
                    unexpected);
        } catch (Throwable broken) {
            unexpected.addSuppressed(broken);
        }
    }

    /** Runs an item, or waits; returns whether it goes on. */
    private boolean step() {
        boolean _ = Thread.interrupted();
        Delivery<T> next = intake.isNeeded() ? null : next();
        if (next == null) {
            return beginOrWait();
        }
        attempt(next, 1);
        return true;
    }

    /** A new item, from its batch or the queue; null if there is none. */
    private @Nullable Delivery<T> next() {
        Delivery<T> next = batch.take();
        if (next != null) {
            return next;
        }
        if (fill() == Found.SEVERAL) {
            intake.call();
        }
        return batch.take();
    }

    /** Returns whether it goes on. */
    private boolean beginOrWait() {
        Next<T> next = intake.poll(this);
        if (next == null) {
            account.close();
            next = intake.await(this);
        }
        if (next.item() != null) {
            attempt(next.item().delivery(), next.item().attempts() + 1);
        }
        return !next.hasEnded();
    }

    @Override
    public Found fill() {
        int left = batch.size();
        if (left > 0) {
            return left > 1 ? Found.SEVERAL : Found.ONE;
        }
        int number = stage.poll(mostClaimed, claimed);
        if (number > 0) {
            batch = new Batch<>(claimed);
            claimed = new ArrayList<>(mostClaimed);
            return number > 1 || number == mostClaimed ? Found.SEVERAL : Found.ONE;
        }
        return stage.takeFromOthers(this);
    }

    /** Makes an item that it has taken from another worker its batch. */
    void adopt(Delivery<T> item) {
        batch = new Batch<>(List.of(item));
    }

    @Override
    public @Nullable Delivery<T> takeOne() {
        if (stage.poll(1, claimed) == 0) {
            return null;
        }
        return claimed.removeFirst();
    }

    private void attempt(Delivery<T> delivery, int number) {
        if (!delivery.begin()) {
            drop(delivery, Duration.ZERO);
            return;
        }
        CURRENT.setRelease(this, delivery);
        hold = Duration.ZERO;
        attempt = number;
        Throwable failure = null;
        try {
            function.run(delivery.item(), this);
        } catch (Throwable thrown) {
            failure = thrown;
        }
        // From here on the function can't send any more: all children are registered.
        attempt = NONE;
        boolean isConcluded = false;
        try {
            conclude(delivery, number, failure);
            isConcluded = true;
        } finally {
            if (!isConcluded) {
                delivery.end();
                account.settle();
            }
            CURRENT.setRelease(this, (@Nullable Delivery<T>) null);
        }
    }

    private void conclude(Delivery<T> delivery, int number, @Nullable Throwable failure) {
        if (failure == null) {
            DONE.setOpaque(this, done + 1);
            settle(delivery);
        } else {
            fail(new Pending<>(delivery, number), failure);
        }
    }

    private void fail(Pending<T> item, Throwable failure) {
        if (!item.delivery().isHeld()) {
            drop(item.delivery(), hold);
            return;
        }
        boolean interrupt = isInterrupt(failure);
        if (interrupt && stage.isStopping()) {
            handBack(item);
            return;
        }
        Duration pause = interrupt ? null : stage.pauseAfter(item.attempts(), failure);
        if (pause != null) {
            RETRIED.setOpaque(this, retried + 1);
            boolean wholeKey = failure instanceof RetryAfterException after && after.isForWholeKey();
            item.delivery().end();
            intake.retry(item, pause, wholeKey && pause.compareTo(hold) > 0 ? pause : hold);
            return;
        }
        // A pending interrupt was that of the item. It must not keep the letter from being kept.
        boolean _ = Thread.interrupted();
        if (!stage.bury(item, failure)) {
            handBack(item);
            return;
        }
        FAILED.setOpaque(this, failed + 1);
        settle(item.delivery());
    }

    /** Sets an item aside that is not done, for its queue to deliver it again. */
    private void handBack(Pending<T> item) {
        item.delivery().end();
        intake.handBack(item);
    }

    /** Forgets an item that this process has lost to another. */
    private void drop(Delivery<T> delivery, Duration pause) {
        intake.end(delivery.item().key(), pause);
        account.settle();
    }

    /** Ends an item whose effects are complete. */
    private void settle(Delivery<T> delivery) {
        stage.acknowledge(delivery);
        intake.end(delivery.item().key(), hold);
        account.settle();
    }

    private static boolean isInterrupt(Throwable failure) {
        return failure instanceof InterruptedException
                || failure instanceof ClosedByInterruptException
                || Thread.currentThread().isInterrupted();
    }

    @Override
    public int attempt() {
        requireRunning();
        return attempt;
    }

    @Override
    public <U> void emit(StageName<U> to, Item<U> item) throws InterruptedException {
        Objects.requireNonNull(item, "item");
        requireRunning();
        Exit<U> exit = stage.exit(to);
        requireHeld();
        account.register();
        boolean sent = false;
        try {
            exit.send(item);
            sent = true;
        } finally {
            if (!sent) {
                account.settle();
            }
        }
    }

    @Override
    public void holdKey(Duration pause) {
        requireRunning();
        if (!stage.limitsKeys()) {
            throw new IllegalStateException("expected a stage that limits its keys but " + stage.name()
                    + " doesn't: give it a StageOptions.perKey");
        }
        if (pause.compareTo(hold) > 0) {
            hold = pause;
        }
    }

    /** Before anything that other processes see. */
    private void requireHeld() {
        Delivery<T> delivery = current();
        if (delivery != null && !delivery.isHeld()) {
            throw new ItemLostException("expected this process to own "
                    + delivery.item().id() + " of " + stage.name()
                    + " but it was out of touch with the broker for too long: another process has the item now");
        }
    }

    private void requireRunning() {
        if (attempt == NONE || !thread.equals(Thread.currentThread())) {
            throw new IllegalStateException(
                    "expected a call by the thread that runs the stage's function, while it runs, but was called by "
                            + Thread.currentThread() + ": send and wait inside the function");
        }
    }

    /** The item that it runs; null if there is none. For reports. */
    @SuppressWarnings("unchecked") // Only items of this stage are written there.
    @Nullable
    Delivery<T> current() {
        return (Delivery<T>) CURRENT.getAcquire(this);
    }

    Batch<T> batch() {
        return batch;
    }

    long done() {
        return (long) DONE.getOpaque(this);
    }

    long failed() {
        return (long) FAILED.getOpaque(this);
    }

    long retried() {
        return (long) RETRIED.getOpaque(this);
    }
}
