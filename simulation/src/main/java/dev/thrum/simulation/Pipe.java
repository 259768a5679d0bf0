package dev.thrum.simulation;

import dev.thrum.base.Clock;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * One direction of a simulated connection: bytes in order, a bounded window, and faults.
 *
 * <p>Written bytes are split into segments; a timer delivers each. A segment never overtakes the one before, so the
 * reader sees the successors of a late one merged with it. At most one thread reads and one writes. Owned by the
 * simulation's thread.
 */
final class Pipe {
    private static final Duration RESET_DELAY = Duration.ofNanos(1_000);

    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final LinkFaults faults;
    private final String name;
    private final Trace trace;
    private final Runnable onReset;

    private final Queue<byte[]> arrived = new ArrayDeque<>();
    private int firstTaken;
    private int unread;
    private int underWay;
    private long written;
    private long delivered;
    private long lastArrival;
    private boolean ending;
    private boolean endedByFault;
    private boolean ended;
    private boolean resetting;
    private boolean broken;
    private boolean discarding;
    private boolean closed;
    private boolean expired;
    /** The conversation that rests until there is something to read. */
    private Optional<Wire.Resting> resting = Optional.empty();

    private Optional<Clock.Timer> restEnds = Optional.empty();

    private Optional<Thread> reader = Optional.empty();
    private Optional<Thread> writer = Optional.empty();

    Pipe(Scheduler scheduler, RandomGenerator random, LinkFaults faults, String name, Trace trace, Runnable onReset) {
        this.scheduler = scheduler;
        this.random = random;
        this.faults = faults;
        this.name = name;
        this.trace = trace;
        this.onReset = onReset;
    }

    int read(byte[] target, int offset, int length, long deadline) throws IOException {
        while (true) {
            failIfBroken("Connection reset");
            if (expired) {
                return Wire.EXPIRED;
            }
            if (unread > 0) {
                return take(target, offset, length);
            }
            if (ended) {
                return Wire.END;
            }
            if (scheduler.nanoTime() >= deadline) {
                return Wire.EXPIRED;
            }
            awaitArrival(deadline);
        }
    }

    /** Waits until a read would not wait, as {@link Wire#awaitInput(Duration, BooleanSupplier)} says. */
    boolean awaitInput(Duration patience, BooleanSupplier woken) throws IOException {
        long until = scheduler.nanoTime() + Clock.nanos(patience);
        while (!isReadable()) {
            if (scheduler.nanoTime() >= until || woken.getAsBoolean()) {
                return false;
            }
            awaitArrival(until);
        }
        return true;
    }

    void wakeReader() {
        wake(reader);
        restEnds.ifPresent(Clock.Timer::cancel);
        restEnds = Optional.empty();
        Optional<Wire.Resting> conversation = resting;
        resting = Optional.empty();
        conversation.ifPresent(Wire.Resting::wake);
    }

    /** Whether {@link #read} would not wait. */
    boolean isReadable() {
        return unread > 0 || ended || expired || broken;
    }

    /** Rests until there is something to read, until this time, or until {@link #wakeReader}. */
    void rest(Wire.Resting conversation, long deadline) {
        resting = Optional.of(conversation);
        if (isReadable()) {
            wakeReader();
        } else {
            restEnds = Optional.of(scheduler.at(deadline, this::wakeReader));
        }
    }

    private void awaitArrival(long deadline) throws IOException {
        reader = Optional.of(Scheduler.inside());
        try {
            parkUntil(deadline);
        } finally {
            reader = Optional.empty();
        }
    }

    int available() {
        return unread;
    }

    /** Whether neither unread bytes nor the end of the stream have arrived. */
    boolean isQuiet() {
        return unread == 0 && !expired && !hasEnded();
    }

    /** Whether no more bytes will arrive. */
    boolean hasEnded() {
        return ended || broken;
    }

    /** Makes all reads from now on return at once, as expired. */
    void expireReads() {
        expired = true;
        wakeReader();
    }

    int write(byte[] source, int offset, int length, long deadline) throws IOException {
        int sent = 0;
        while (sent < length) {
            failIfBroken("Broken pipe");
            if (ending) {
                throw new SocketException("Output is shut down");
            }
            int accepted = accept(source, offset + sent, length - sent);
            sent += accepted;
            if (accepted == 0) {
                if (scheduler.nanoTime() >= deadline) {
                    return Wire.EXPIRED;
                }
                writer = Optional.of(Scheduler.inside());
                try {
                    parkUntil(deadline);
                } finally {
                    writer = Optional.empty();
                }
            }
        }
        return length;
    }

    /** Sends the bytes that fit into the window and returns their number; never waits. */
    int accept(byte[] source, int offset, int length) {
        if (broken || ending) {
            return 0;
        }
        int room = Math.min(length, faults.window() - underWay - unread);
        int sent = 0;
        while (sent < room && written < faults.endAt()) {
            int segment = (int) Math.min(Math.min(segmentSize(), room - sent), faults.endAt() - written);
            send(Arrays.copyOfRange(source, offset + sent, offset + sent + segment));
            sent += segment;
        }
        if (written >= faults.endAt()) {
            endByFault();
            return length;
        }
        return sent;
    }

    /** Ends the stream for the peer by a fault; later output is discarded. */
    private void endByFault() {
        if (!endedByFault) {
            endedByFault = true;
            trace.add(name + " meets its end at byte " + faults.endAt());
            scheduler.at(arrival(), this::arriveEnd);
        }
    }

    /** Ends this direction after the bytes written before. */
    void end() {
        if (!ending && !broken) {
            ending = true;
            if (!endedByFault) {
                scheduler.at(arrival(), this::arriveEnd);
            }
        }
    }

    private void arriveEnd() {
        if (resetting) {
            return;
        }
        ended = true;
        trace.add(name + " ends");
        wakeReader();
    }

    /** Breaks this direction: bytes in flight or unread are lost, reads and writes fail. */
    void abort() {
        if (!broken) {
            broken = true;
            arrived.clear();
            unread = 0;
            trace.add(name + " is reset");
            wakeReader();
            wake(writer);
        }
    }

    /** Discards all bytes that arrive from now on. */
    void discard() {
        discarding = true;
        arrived.clear();
        unread = 0;
        wake(writer);
    }

    /** Closes the reader's socket: bytes that still arrive cause a reset, as in TCP (RFC 9293, 3.10.7.1). */
    void close() {
        closed = true;
    }

    /** The time at which a segment sent now arrives. */
    long arrival() {
        long least = faults.delays().least().toNanos();
        long most = faults.delays().most().toNanos();
        lastArrival = Math.max(lastArrival, scheduler.nanoTime() + random.nextLong(least, most + 1));
        return lastArrival;
    }

    private int segmentSize() {
        LinkFaults.Range range = faults.segments();
        return range.least() == range.most() ? range.most() : random.nextInt(range.least(), range.most() + 1);
    }

    private void send(byte[] segment) {
        long stallAt = faults.stall().at();
        if (written <= stallAt && stallAt < written + segment.length) {
            lastArrival = Math.max(lastArrival, scheduler.nanoTime())
                    + faults.stall().duration().toNanos();
        }
        written += segment.length;
        underWay += segment.length;
        scheduler.at(arrival(), () -> deliver(segment));
    }

    private void deliver(byte[] segment) {
        if (broken || resetting) {
            return;
        }
        underWay -= segment.length;
        long untilReset = Math.max(0, faults.resetAt() - delivered);
        delivered += segment.length;
        if (closed) {
            onReset.run();
        } else if (discarding) {
            wake(writer);
        } else {
            arrive(untilReset < segment.length ? Arrays.copyOf(segment, (int) untilReset) : segment);
        }
        if (delivered >= faults.resetAt()) {
            resetByFault();
        }
    }

    private void arrive(byte[] segment) {
        if (segment.length > 0) {
            trace.add(name + " carries " + segment.length + " bytes, " + checksum(segment));
            arrived.add(segment);
            unread += segment.length;
            wakeReader();
        }
    }

    /** A reset destroys unread bytes, so it comes a moment later: bytes that had arrived can be read before. */
    private void resetByFault() {
        resetting = true;
        trace.add(name + " meets its fault at byte " + faults.resetAt());
        scheduler.schedule(RESET_DELAY, onReset);
    }

    private int take(byte[] target, int offset, int length) {
        int count = 0;
        while (count < length && unread > 0) {
            byte[] segment = arrived.element();
            int chunk = Math.min(segment.length - firstTaken, length - count);
            System.arraycopy(segment, firstTaken, target, offset + count, chunk);
            count += chunk;
            unread -= chunk;
            firstTaken += chunk;
            if (firstTaken == segment.length) {
                arrived.remove();
                firstTaken = 0;
            }
        }
        wake(writer);
        return count;
    }

    private void parkUntil(long deadline) throws IOException {
        Thread thread = Scheduler.inside();
        var alarm = scheduler.at(deadline, () -> LockSupport.unpark(thread));
        try {
            LockSupport.park(this);
        } finally {
            alarm.cancel();
        }
        if (thread.isInterrupted()) {
            onReset.run();
            throw new ClosedByInterruptException();
        }
    }

    private void failIfBroken(String how) throws SocketException {
        if (broken) {
            throw new SocketException(how);
        }
    }

    private static void wake(Optional<Thread> waiter) {
        waiter.ifPresent(LockSupport::unpark);
    }

    private static String checksum(byte[] segment) {
        return Integer.toHexString(Arrays.hashCode(segment));
    }
}
