package dev.thrum.measure.statistics;

/** Student's t distribution. */
final class Student {
    private Student() {}

    /**
     * The probability that the absolute value of t is at least this, for at least one degree of freedom.
     *
     * <p>The finite series of Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
     */
    static double beyond(double t, int freedom) {
        if (Double.isInfinite(t)) {
            return 0;
        }
        double angle = Math.atan(Math.abs(t) / Math.sqrt(freedom));
        double cosine = Math.cos(angle);
        boolean isOdd = freedom % 2 == 1;
        double term = isOdd ? cosine : 1;
        double sum = 0;
        // Each factor is 2/3, 4/5 ... if the degrees of freedom are odd, 1/2, 3/4 ... if they are even.
        for (int factor = isOdd ? 2 : 1; factor < freedom; factor += 2) {
            sum += term;
            term *= cosine * cosine * factor / (factor + 1);
        }
        double within = isOdd ? 2 / Math.PI * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
        return Math.clamp(1 - within, 0, 1);
    }
}
