package dev.thrum.measure.load;

import java.util.List;

/**
 * How far a load is.
 *
 * @param phase what it does now
 * @param nanos the time since the first request was due; 0 before
 * @param sent the requests sent so far, those of the ramp and the warm-up included
 * @param inFlight the requests that wait for their responses
 * @param waiting the requests that are due and wait for a connection
 * @param errors the errors and timeouts so far
 * @param connections the connections that are there
 */
public record LoadProgress(
        Phase phase, long nanos, long sent, int inFlight, long waiting, long errors, int connections) {
    /** Before anything has begun. */
    static final LoadProgress NONE = new LoadProgress(Phase.CONNECTING, 0, 0, 0, 0, 0, 0);

    /** How far several threads are together: the first one tells the time. */
    static LoadProgress together(List<LoadProgress> parts) {
        LoadProgress first = parts.getFirst();
        return new LoadProgress(
                first.phase,
                first.nanos,
                parts.stream().mapToLong(LoadProgress::sent).sum(),
                parts.stream().mapToInt(LoadProgress::inFlight).sum(),
                parts.stream().mapToLong(LoadProgress::waiting).sum(),
                parts.stream().mapToLong(LoadProgress::errors).sum(),
                parts.stream().mapToInt(LoadProgress::connections).sum());
    }

    /** What a load does. */
    public enum Phase {
        CONNECTING("connecting"),
        RAMP("ramp"),
        WARMUP("warm-up"),
        MEASURING("measuring"),
        ENDING("last responses");

        private final String text;

        Phase(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
