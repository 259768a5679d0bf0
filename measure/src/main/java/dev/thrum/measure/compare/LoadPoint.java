package dev.thrum.measure.compare;

/**
 * A load under which all arms are measured.
 *
 * @param name its name, which no other point has, such as {@code 70 %}
 * @param rate requests per second on a schedule (open loop), or 0 for a closed loop
 * @param connections the number of connections
 * @param isJudged whether there are verdicts on it; otherwise it is only shown. Each verdict makes all others a little less
 *     sharp, so few points should be judged
 */
public record LoadPoint(String name, double rate, int connections, boolean isJudged) {
    public LoadPoint {
        if (!(rate >= 0) || Double.isInfinite(rate) || connections < 1) {
            throw new IllegalArgumentException(
                    "expected a rate of at least 0 and at least 1 connection but was " + rate + " and " + connections);
        }
    }

    /** Whether each connection sends its next request when it has its response. */
    public boolean isClosed() {
        return rate == 0;
    }
}
