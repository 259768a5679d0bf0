package dev.thrum.measure.load;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Counts what becomes of the requests that are due in the window. Owned by the thread of the load. */
final class Tally {
    /** Values differ from the exact ones by at most a thousandth. */
    private static final int DIGITS = 3;

    /** More requests than that are recorded in as many groups. */
    private static final long GROUPS = 10_000;

    private static final int STATUSES = 1_000;
    private static final int LEAST_ERROR = 400;

    private final Histogram latency = new Histogram(DIGITS);
    private final Histogram service = new Histogram(DIGITS);
    private final Histogram notice = new Histogram(DIGITS);
    private final Histogram delay = new Histogram(DIGITS);
    private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    private final long[] statuses = new long[STATUSES];
    private final Map<String, Long> failedConnects = new HashMap<>();
    private long from;
    private long to;
    private long sent;
    private long answered;
    private long timeouts;
    private long unsent;
    private long allSent;
    private long allErrors;

    /** The times from due to over of all requests in the window, those with errors included. */
    private double sum;

    /** Sets the window; until then no instant is in it. */
    void measure(long begin, long end) {
        from = begin;
        to = end;
    }

    private boolean isIn(long instant) {
        return instant - from >= 0 && instant - to < 0;
    }

    /** The first byte of a request has been sent. */
    void sent(long now) {
        allSent++;
        sent += isIn(now) ? 1 : 0;
    }

    /**
     * A request has its response.
     *
     * @param status its status; 0 if there is none
     * @param late how late the generator was with this request
     */
    void answered(long due, long sentAt, long now, int status, long late) {
        boolean isError = status >= LEAST_ERROR;
        allErrors += isError ? 1 : 0;
        if (!isIn(due)) {
            return;
        }
        sum += now - due;
        delay.recordValue(Math.max(0, late));
        if (isError) {
            statuses[status]++;
        } else {
            answered++;
            latency.recordValue(now - due);
            service.recordValue(now - sentAt);
        }
    }

    /** A request was not answered in time: it took at least this long. */
    void timedOut(long due, long sentAt, long now, long late) {
        allErrors++;
        if (isIn(due)) {
            timeouts++;
            sum += now - due;
            latency.recordValue(now - due);
            service.recordValue(now - sentAt);
            delay.recordValue(Math.max(0, late));
        }
    }

    /** A request was answered wrongly or not at all. */
    void failed(long due, long now, Fault fault) {
        allErrors++;
        if (isIn(due)) {
            sum += now - due;
            faults.merge(fault, 1L, Long::sum);
        }
    }

    /** Bytes arrived that no request had asked for. */
    void surplus(long now) {
        allErrors++;
        if (isIn(now)) {
            faults.merge(Fault.SURPLUS, 1L, Long::sum);
        }
    }

    /** A connection could not be opened. */
    void notConnected(int failure) {
        allErrors++;
        failedConnects.merge(Errno.text(failure), 1L, Long::sum);
    }

    /**
     * The requests of a schedule from {@code first} up to {@code end} were seen to be due.
     *
     * @param awake since when they could have been seen
     */
    void noticed(Pace pace, long first, long end, long now, long awake) {
        each(
                pace,
                first,
                end,
                (due, count) -> notice.recordValueWithCount(Math.max(0, Math.min(now - due, now - awake)), count));
    }

    /** Requests were never sent: they took at least until now. */
    void unsent(Pace pace, long first, long end, long now) {
        each(pace, first, end, (due, count) -> {
            unsent += count;
            sum += (double) count * (now - due);
            latency.recordValueWithCount(now - due, count);
        });
    }

    private interface Group {
        void record(long due, long count);
    }

    /** Passes on the requests of a schedule that are in the window, in groups if there are very many. */
    private void each(Pace pace, long first, long end, Group group) {
        long step = Math.max(1, (end - first) / GROUPS);
        for (long number = first; number < end; number += step) {
            long count = Math.min(step, end - number);
            long due = pace.due(number + count / 2);
            if (isIn(due)) {
                group.record(due, count);
            }
        }
    }

    /** The requests sent in the window. */
    long sentInWindow() {
        return sent;
    }

    /** The requests sent so far, also outside of the window. */
    long allSent() {
        return allSent;
    }

    /** The errors, timeouts and failed connections so far, likewise. */
    long allErrors() {
        return allErrors;
    }

    Map<String, Long> failedConnects() {
        return failedConnects;
    }

    LoadResult.Times times() {
        return new LoadResult.Times(latency, service, notice, delay);
    }

    LoadResult.Counts counts(long due) {
        Map<String, Long> errors = new HashMap<>();
        faults.forEach((fault, count) -> errors.put(fault.text(), count));
        for (int status = 0; status < STATUSES; status++) {
            if (statuses[status] > 0) {
                errors.put("status " + status, statuses[status]);
            }
        }
        return new LoadResult.Counts(due, sent, answered, timeouts, unsent, errors);
    }

    /** The requests that were in flight on average by Little's law: their rate times their mean latency. */
    double expectedInFlight() {
        return sum / Math.max(1, to - from);
    }
}
