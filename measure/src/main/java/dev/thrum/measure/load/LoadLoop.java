package dev.thrum.measure.load;

import dev.thrum.base.Clock;
import dev.thrum.measure.Schedule;
import dev.thrum.measure.Wires;
import dev.thrum.measure.load.LoadProgress.Phase;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.ConnectException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Sends the requests of a load, and measures them. All of it is on the thread that calls {@link #run}, which owns the fields.
 *
 * <p>A request is due at an instant that responses don't change. If no connection is free then, it waits here: requests that
 * wait are only a number, so they take no memory.
 */
final class LoadLoop {
    /** At most this many connections wait to be accepted before the load begins; no server has a shorter backlog. */
    private static final int BATCH = 32;

    private static final int BUFFER = 65_536;

    /** The longest wait, in nanoseconds: so a stop is noticed, and the progress is current. */
    private static final long BEAT = 100_000_000;

    /** The failure of a send on a connection that the server has closed (EPIPE). */
    private static final long CLOSED = -32;

    private final LoadPlan plan;
    private final List<MemorySegment> requests;
    private final Surroundings around;
    private final Wires wires;
    private final Clock clock;
    private final long timeout;
    private final byte[] buffer = new byte[BUFFER];
    private final Tally tally = new Tally();
    private final Slots slots;

    /** Kept, so that waiting makes no object. */
    private final Wires.Ready ready = this::ready;

    // Of each connection: its next request, when that was due and sent, how late the generator was, and how much it has
    // sent.
    private final int[] step;
    private final long[] due;
    private final long[] sentAt;
    private final long[] late;
    private final long[] offset;

    // Nothing is due, and nothing measured, until all connections are open.
    private Pace pace;
    private FlightMeter flight;
    private long start;
    private long from;
    private long to;
    private Usage before = new Usage(0, 0, 0, 0, 0, 0, 0);
    private Usage after = before;
    private boolean isMeasuring;
    private boolean isOver;
    private boolean isStopped;

    private int busy;

    /** The number of requests that have been seen to be due. */
    private long seen;

    /** Whether no connection has been ready since the last wait began. */
    private boolean isWaiting;

    /** The instant at which the last wait ended, or should have ended. */
    private long awake;

    /** The instant at which the last wait ended because connections were ready. */
    private long woken;

    private long shown;

    /** When the first request is due, once all connections are open; several threads wait for each other here. */
    @FunctionalInterface
    interface StartLine {
        /** Returns an instant of the clock, which has passed or is near; the window is counted from it. */
        long await() throws IOException;

        /** How much later than that the first request is due, in nanoseconds: so several threads send in turn. */
        default long offset() {
            return 0;
        }
    }

    /** What a load needs besides its plan: all that a test replaces. */
    record Surroundings(
            Wires wires,
            Clock clock,
            Usage.Meter meter,
            Consumer<LoadProgress> listener,
            BooleanSupplier isStopping,
            StartLine startLine) {}

    LoadLoop(LoadPlan plan, LoadProtocol protocol, Surroundings around) {
        this.plan = plan;
        this.around = around;
        requests = protocol.requests();
        wires = around.wires;
        clock = around.clock;
        timeout = plan.timeout().toNanos();
        long now = clock.nanoTime();
        pace = new Pace.Closed(0, 0, now, now);
        flight = new FlightMeter(now, now);
        int connections = plan.connections();
        slots = new Slots(connections, protocol, wires, tally);
        step = new int[connections];
        due = new long[connections];
        sentAt = new long[connections];
        late = new long[connections];
        offset = new long[connections];
    }

    /**
     * Runs the load to its end.
     *
     * @throws ConnectException if no connection can be opened
     */
    LoadResult run() throws IOException {
        connect();
        begin();
        long now = clock.nanoTime();
        while (!isDone(now)) {
            turn(now);
            now = clock.nanoTime();
            await(now, next(now));
            now = clock.nanoTime();
        }
        return result(now);
    }

    /** Opens all connections, as many at a time as a backlog has room for. */
    private void connect() throws IOException {
        int begun = 0;
        long now = clock.nanoTime();
        shown = now;
        while ((begun < plan.connections() || slots.pending() > 0) && !around.isStopping.getAsBoolean()) {
            while (begun < plan.connections() && slots.pending() < BATCH) {
                slots.open(begun, now);
                begun++;
            }
            expire(now);
            show(now, Phase.CONNECTING);
            await(now, earlier(slots.nextTimeout(timeout, now + BEAT), now + BEAT));
            now = clock.nanoTime();
        }
        if (slots.there() == 0) {
            throw new ConnectException(String.join(", ", tally.failedConnects().keySet()));
        }
    }

    private void begin() throws IOException {
        start = around.startLine.await();
        long ramp = plan.ramp().toNanos();
        from = start + ramp + plan.warmup().toNanos();
        to = from + plan.duration().toNanos();
        pace = plan.isClosed()
                ? new Pace.Closed(plan.connections(), ramp, start, to)
                : new Pace.Open(new Schedule(plan.rate(), ramp, start + around.startLine.offset()), to);
        flight = new FlightMeter(from, to);
        tally.measure(from, to);
    }

    /** Does what is due, other than what connections are ready for. */
    private void turn(long now) {
        if (around.isStopping.getAsBoolean() && !isStopped) {
            stop(now);
        }
        if (!isMeasuring && now - from >= 0) {
            isMeasuring = true;
            before = around.meter.now();
            slots.measure();
        }
        if (!isOver && now - to >= 0) {
            isOver = true;
            after = around.meter.now();
        }
        slots.retry(now);
        expire(now);
        send(clock.nanoTime());
        show(now, phase(now));
    }

    /** Ends the window now: what is due later is no part of it, and what waits for a connection is not sent any more. */
    private void stop(long now) {
        isStopped = true;
        if (now - from < 0) {
            from = now;
            flight = new FlightMeter(now, now);
        }
        if (now - to < 0) {
            to = now;
            tally.measure(from, to);
            flight.endAt(to);
            pace.endAt(to);
        }
    }

    /** Whether every request that was due in the window is over, or can't be sent in time any more. */
    private boolean isDone(long now) {
        return now - to >= 0 && isOver && busy == 0 && (!maySend(now) || pace.taken() >= pace.dueBy(now));
    }

    /** Requests that are due at the end may wait for a connection as long as those before them for a response. */
    private boolean maySend(long now) {
        return !isStopped && now - to < timeout;
    }

    private long next(long now) {
        long next = now + BEAT;
        next = now - from < 0 ? earlier(next, from) : next;
        next = now - to < 0 ? earlier(next, to) : next;
        next = earlier(next, slots.nextTimeout(timeout, next));
        next = earlier(next, slots.nextRetry(next));
        return slots.hasFree() && now - to < 0 ? earlier(next, pace.next(now)) : next;
    }

    /** Sends the requests that are due, on connections that are free. */
    private void send(long now) {
        notice(now);
        while (slots.hasFree() && pace.isDue(now, busy) && maySend(now)) {
            int slot = slots.firstFree();
            due[slot] = pace.take(now);
            long instant = clock.nanoTime();
            sentAt[slot] = instant;
            late[slot] = instant - later(due[slot], slots.freeSince(slot));
            offset[slot] = 0;
            busy++;
            if (!pace.isScheduled()) {
                flight.arrived(1, due[slot], instant);
            }
            slots.use(slot, instant);
            slots.reply(slot).begin();
            tally.sent(instant);
            push(slot, instant);
        }
    }

    /** Counts the requests that have become due, whether they can be sent or not. */
    private void notice(long now) {
        if (!pace.isScheduled() || now - pace.due(seen) < 0) {
            return;
        }
        long all = pace.dueBy(now);
        if (all > seen) {
            long first = pace.due(seen);
            flight.arrived(all - seen, first + (pace.due(all - 1) - first) / 2, now);
            tally.noticed(pace, seen, all, now, awake);
            seen = all;
        }
    }

    /** Sends what is left of a request, or as much of it as there is room for. */
    private void push(int slot, long now) {
        MemorySegment request = requests.get(step[slot]);
        long sent = wires.send(slot, request, offset[slot]);
        if (sent < 0 && sent != -Wires.AGAIN) {
            fail(slot, sent == CLOSED ? Fault.CLOSED : Fault.RESET, now);
            return;
        }
        offset[slot] += Math.max(0, sent);
        boolean isStalled = slots.state(slot) == Slots.State.SENDING;
        if (offset[slot] < request.byteSize()) {
            if (!isStalled) {
                slots.stall(slot);
            }
        } else if (isStalled) {
            slots.resume(slot);
        }
    }

    private void await(long now, long until) throws IOException {
        isWaiting = true;
        if (until - now > 0) {
            awake = until;
        }
        wires.await(until - now, ready);
    }

    private void ready(int slot) {
        if (isWaiting) {
            isWaiting = false;
            woken = clock.nanoTime();
            awake = earlier(awake, woken);
        }
        switch (slots.state(slot)) {
            case CONNECTING -> {
                step[slot] = 0;
                slots.connected(slot, clock.nanoTime());
            }
            case SENDING -> push(slot, clock.nanoTime());
            case GREETED, WAITING, FREE -> read(slot);
            case DOWN -> {
                // It has been closed since.
            }
        }
        if (slots.hasFree()) {
            send(clock.nanoTime());
        }
    }

    private void read(int slot) {
        int count = wires.receive(slot, buffer);
        if (count == -Wires.AGAIN) {
            return;
        }
        long now = clock.nanoTime();
        switch (slots.state(slot)) {
            case FREE -> {
                if (count > 0) {
                    tally.surplus(now);
                }
                slots.reopen(slot, now);
            }
            case GREETED -> greeted(slot, count, now);
            default -> respond(slot, count, now);
        }
    }

    private void greeted(int slot, int count, long now) {
        try {
            if (count <= 0 || slots.reply(slot).take(buffer, 0, count) < count) {
                slots.reopen(slot, now);
            } else if (slots.reply(slot).isComplete()) {
                slots.release(slot, now);
            }
        } catch (MalformedReplyException e) {
            slots.reopen(slot, now);
        }
    }

    private void respond(int slot, int count, long now) {
        Reply reply = slots.reply(slot);
        if (count <= 0) {
            if (count == 0 && reply.end()) {
                complete(slot, now);
                slots.reopen(slot, now);
            } else {
                fail(slot, count == 0 ? Fault.CLOSED : Fault.RESET, now);
            }
            return;
        }
        try {
            int used = reply.take(buffer, 0, count);
            if (!reply.isComplete()) {
                return;
            }
            complete(slot, now);
            if (used < count) {
                tally.surplus(now);
                slots.reopen(slot, now);
            } else if (reply.isLast()) {
                slots.reopen(slot, now);
            } else {
                slots.release(slot, now);
            }
        } catch (MalformedReplyException e) {
            fail(slot, Fault.MALFORMED, now);
        }
    }

    private void complete(int slot, long now) {
        over(now);
        tally.answered(due[slot], sentAt[slot], now, slots.reply(slot).status(), late[slot] + Math.max(0, now - woken));
        slots.serve(slot);
        step[slot]++;
        if (step[slot] == requests.size()) {
            step[slot] = 0;
        }
    }

    private void fail(int slot, Fault fault, long now) {
        over(now);
        tally.failed(due[slot], now, fault);
        slots.reopen(slot, now);
    }

    private void over(long now) {
        // What became due meanwhile is counted first, because time only goes forward there.
        notice(now);
        busy--;
        flight.ended(now);
    }

    /** Ends waits for the server that have reached the timeout. */
    private void expire(long now) {
        while (slots.isExpired(now, timeout)) {
            int slot = slots.firstWaiting();
            if (slots.state(slot) == Slots.State.CONNECTING || slots.state(slot) == Slots.State.GREETED) {
                slots.lost(slot, Errno.TIMED_OUT, now);
            } else {
                over(now);
                tally.timedOut(due[slot], sentAt[slot], now, late[slot]);
                slots.abandon(slot, now);
            }
        }
    }

    private Phase phase(long now) {
        if (now - to >= 0 || isStopped) {
            return Phase.ENDING;
        }
        if (now - from >= 0) {
            return Phase.MEASURING;
        }
        return now - start < plan.ramp().toNanos() ? Phase.RAMP : Phase.WARMUP;
    }

    private void show(long now, Phase phase) {
        if (now - shown >= BEAT) {
            shown = now;
            around.listener.accept(new LoadProgress(
                    phase,
                    phase == Phase.CONNECTING ? 0 : now - start,
                    tally.allSent(),
                    busy,
                    Math.max(0, seen - pace.taken()),
                    tally.allErrors(),
                    slots.there() - slots.pending() + busy));
        }
    }

    private LoadResult result(long now) {
        long nanos = to - from;
        long all = pace.dueBy(to - 1);
        if (!plan.isClosed()) {
            tally.unsent(pace, pace.taken(), all, now);
        }
        long dueIn = plan.isClosed() ? tally.sentInWindow() : Math.max(0, all - pace.dueBy(from - 1));
        return new LoadResult(
                plan,
                nanos,
                isStopped,
                tally.times(),
                tally.counts(dueIn),
                slots.connects(),
                new LoadResult.Flight(flight.mean(now), tally.expectedInFlight()),
                LoadResult.Costs.of(
                        after.since(before), nanos, Runtime.getRuntime().availableProcessors()));
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }
}
