package dev.thrum.base;

import java.math.BigDecimal;
import java.time.Duration;

/** A duration as messages show it: {@code 2 s}, {@code 1.5 s}, {@code 250 ms}. The JDK's form, PT2S, is for programs. */
public final class DurationText {
    private DurationText() {}

    /** In seconds, or in milliseconds if it is shorter than a second; exact to the nanosecond. */
    public static String of(Duration duration) {
        BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
        return seconds.signum() == 0 || seconds.abs().compareTo(BigDecimal.ONE) >= 0
                ? plain(seconds) + " s"
                : plain(seconds.movePointRight(3)) + " ms";
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
