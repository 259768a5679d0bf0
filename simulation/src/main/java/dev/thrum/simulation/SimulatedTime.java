package dev.thrum.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What rewritten code calls instead of the JDK's own methods; the simulation's time inside a run, the system's outside.
 *
 * <p>Each method stands for the one of the same name and parameters, a receiver being the first parameter. It is public
 * because the rewritten code, which lives elsewhere, must reach it; programs don't call it.
 */
public final class SimulatedTime {
    private SimulatedTime() {}

    public static void sleep(long millis) throws InterruptedException {
        if (millis < 0) {
            throw new IllegalArgumentException("timeout value is negative");
        }
        sleep(Duration.ofMillis(millis));
    }

    public static void sleep(long millis, int nanos) throws InterruptedException {
        sleep(Duration.ofMillis(millis).plusNanos(nanos));
    }

    public static void sleep(Duration duration) throws InterruptedException {
        var clock = Simulation.currentClock();
        if (clock.isPresent()) {
            clock.get().sleep(duration.isNegative() ? Duration.ZERO : duration);
        } else {
            Thread.sleep(duration);
        }
    }

    public static void sleep(TimeUnit unit, long amount) throws InterruptedException {
        sleep(Duration.of(Math.max(0, amount), unit.toChronoUnit()));
    }

    public static void parkNanos(long nanos) {
        parkNanos(Thread.currentThread(), nanos);
    }

    public static void parkNanos(Object blocker, long nanos) {
        var clock = Simulation.currentClock();
        if (clock.isEmpty()) {
            LockSupport.parkNanos(blocker, nanos);
        } else if (nanos > 0) {
            Thread thread = Thread.currentThread();
            var alarm = clock.get().schedule(Duration.ofNanos(nanos), () -> LockSupport.unpark(thread));
            LockSupport.park(blocker);
            alarm.cancel();
        }
    }

    public static long nanoTime() {
        return Simulation.currentClock().map(Scheduler::nanoTime).orElseGet(System::nanoTime);
    }

    public static long currentTimeMillis() {
        return source().millis();
    }

    public static Instant instantNow() {
        return source().instant();
    }

    public static LocalDate localDateNow(ZoneId zone) {
        return LocalDate.now(system(zone));
    }

    public static LocalDate localDateNow() {
        return LocalDate.now(systemDefaultZone());
    }

    public static LocalTime localTimeNow(ZoneId zone) {
        return LocalTime.now(system(zone));
    }

    public static LocalTime localTimeNow() {
        return LocalTime.now(systemDefaultZone());
    }

    public static LocalDateTime localDateTimeNow(ZoneId zone) {
        return LocalDateTime.now(system(zone));
    }

    public static LocalDateTime localDateTimeNow() {
        return LocalDateTime.now(systemDefaultZone());
    }

    public static ZonedDateTime zonedDateTimeNow() {
        return ZonedDateTime.now(systemDefaultZone());
    }

    public static ZonedDateTime zonedDateTimeNow(ZoneId zone) {
        return ZonedDateTime.now(system(zone));
    }

    public static OffsetDateTime offsetDateTimeNow() {
        return OffsetDateTime.now(systemDefaultZone());
    }

    public static OffsetDateTime offsetDateTimeNow(ZoneId zone) {
        return OffsetDateTime.now(system(zone));
    }

    public static Clock systemUTC() {
        return system(ZoneOffset.UTC);
    }

    public static Clock systemDefaultZone() {
        return system(ZoneId.systemDefault());
    }

    public static Clock system(ZoneId zone) {
        return source().withZone(Objects.requireNonNull(zone));
    }

    private static InstantSource source() {
        return Simulation.currentClock().<InstantSource>map(clock -> clock).orElseGet(InstantSource::system);
    }
}
