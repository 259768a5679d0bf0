package dev.thrum.measure.load;

import dev.thrum.measure.Schedule;

/** When the next request is due. Owned by the thread of the load. */
sealed interface Pace {
    /** Whether a request is due, while this many are in flight. */
    boolean isDue(long now, int busy);

    /** Takes the next request; returns when it was due. */
    long take(long now);

    /** The instant of the next request, even if no connection is free for it; {@code now} if that depends on responses. */
    long next(long now);

    /** Whether the instants of all requests are known beforehand. */
    boolean isScheduled();

    /** The number of requests that are due by this instant, whether they were sent or not. */
    long dueBy(long now);

    /** The instant at which the request with this number is due, if that is known. */
    long due(long number);

    /** The number of requests that were taken. */
    long taken();

    /** No request becomes due from this instant on. */
    void endAt(long instant);

    /** By a schedule that nothing delays. */
    final class Open implements Pace {
        private final Schedule schedule;
        private long end;

        Open(Schedule schedule, long end) {
            this.schedule = schedule;
            this.end = end;
        }

        @Override
        public boolean isDue(long now, int busy) {
            long due = schedule.due();
            return now - due >= 0 && due - end < 0;
        }

        @Override
        public long take(long now) {
            long due = schedule.due();
            schedule.advance();
            return due;
        }

        @Override
        public long next(long now) {
            return schedule.due();
        }

        @Override
        public boolean isScheduled() {
            return true;
        }

        @Override
        public long dueBy(long now) {
            return schedule.dueBy(now - end < 0 ? now : end - 1);
        }

        @Override
        public long due(long number) {
            return schedule.due(number);
        }

        @Override
        public long taken() {
            return schedule.number();
        }

        @Override
        public void endAt(long instant) {
            end = instant;
        }
    }

    /** As soon as a connection has its response; in the ramp, on ever more of them. */
    final class Closed implements Pace {
        private final int connections;
        private final long ramp;
        private final long start;
        private long end;
        private long taken;

        Closed(int connections, long ramp, long start, long end) {
            this.connections = connections;
            this.ramp = ramp;
            this.start = start;
            this.end = end;
        }

        @Override
        public boolean isDue(long now, int busy) {
            return now - end < 0 && busy < allowed(now);
        }

        private long allowed(long now) {
            long passed = now - start;
            return passed >= ramp ? connections : 1 + (long) ((double) passed * connections / ramp);
        }

        @Override
        public long take(long now) {
            taken++;
            return now;
        }

        @Override
        public long next(long now) {
            long passed = now - start;
            return passed >= ramp ? end : now + 1 + ramp / connections;
        }

        @Override
        public boolean isScheduled() {
            return false;
        }

        @Override
        public long dueBy(long now) {
            return taken;
        }

        @Override
        public long due(long number) {
            throw new IllegalStateException("expected a schedule but each request is due when a connection is free");
        }

        @Override
        public long taken() {
            return taken;
        }

        @Override
        public void endAt(long instant) {
            end = instant;
        }
    }
}
