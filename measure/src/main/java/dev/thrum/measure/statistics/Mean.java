package dev.thrum.measure.statistics;

/**
 * Mean and variance of a sample.
 *
 * @param mean the mean
 * @param variance the unbiased variance; 0 for a single value
 */
record Mean(double mean, double variance) {
    static Mean of(double[] values) {
        double mean = 0;
        for (double value : values) {
            mean += value / values.length;
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return new Mean(mean, values.length < 2 ? 0 : squares / (values.length - 1));
    }
}
