package dev.thrum.measure.load;

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
