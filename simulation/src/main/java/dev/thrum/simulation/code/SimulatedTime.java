package dev.thrum.simulation.code;

import dev.thrum.base.Threads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The methods that rewritten code calls instead of the JDK's own and those of Thrum's {@code base}; they use the
 * simulation's time and threads inside a run, the system's outside.
 *
 * <p>Each method replaces the one of the same name and parameters, with a receiver as the first parameter. The class
 * is public because the rewritten code, in other packages, must be able to call it; programs don't call it.
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
        var clock = VirtualTime.current();
        if (clock.isPresent()) {
            clock.get().sleep(duration.isNegative() ? Duration.ZERO : duration);
        } else {
            Thread.sleep(duration);
        }
    }

    public static void sleep(TimeUnit unit, long amount) throws InterruptedException {
        sleep(Duration.ofNanos(unit.toNanos(Math.max(0, amount))));
    }

    public static void parkNanos(long nanos) {
        parkNanos(Thread.currentThread(), nanos);
    }

    public static void parkNanos(Object blocker, long nanos) {
        var clock = VirtualTime.current();
        if (clock.isEmpty()) {
            LockSupport.parkNanos(blocker, nanos);
        } else if (nanos > 0) {
            clock.get().parkNanos(blocker, nanos);
        }
    }

    public static void parkUntil(long epochMillis) {
        parkUntil(Thread.currentThread(), epochMillis);
    }

    public static void parkUntil(Object blocker, long epochMillis) {
        if (VirtualTime.current().isEmpty()) {
            LockSupport.parkUntil(blocker, epochMillis);
        } else {
            parkNanos(blocker, TimeUnit.MILLISECONDS.toNanos(epochMillis - currentTimeMillis()));
        }
    }

    public static long nanoTime() {
        return VirtualTime.current().map(VirtualTime::nanoTime).orElseGet(System::nanoTime);
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

    public static OffsetTime offsetTimeNow() {
        return OffsetTime.now(systemDefaultZone());
    }

    public static OffsetTime offsetTimeNow(ZoneId zone) {
        return OffsetTime.now(system(zone));
    }

    public static Year yearNow() {
        return Year.now(systemDefaultZone());
    }

    public static Year yearNow(ZoneId zone) {
        return Year.now(system(zone));
    }

    public static YearMonth yearMonthNow() {
        return YearMonth.now(systemDefaultZone());
    }

    public static YearMonth yearMonthNow(ZoneId zone) {
        return YearMonth.now(system(zone));
    }

    public static MonthDay monthDayNow() {
        return MonthDay.now(systemDefaultZone());
    }

    public static MonthDay monthDayNow(ZoneId zone) {
        return MonthDay.now(system(zone));
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

    public static Clock tickMillis(ZoneId zone) {
        return Clock.tick(system(zone), Duration.ofMillis(1));
    }

    public static Clock tickSeconds(ZoneId zone) {
        return Clock.tick(system(zone), Duration.ofSeconds(1));
    }

    public static Clock tickMinutes(ZoneId zone) {
        return Clock.tick(system(zone), Duration.ofMinutes(1));
    }

    /** Replaces {@code InstantSource.system}. */
    public static InstantSource instantSource() {
        return source();
    }

    /** Replaces {@code dev.thrum.base.Clock.system}. */
    public static dev.thrum.base.Clock clock() {
        return VirtualTime.current().<dev.thrum.base.Clock>map(clock -> clock).orElseGet(dev.thrum.base.Clock::system);
    }

    /** Replaces {@code Threads.daemon}: platform threads are not on the simulation's scheduler. */
    public static Thread daemon(String name, Runnable body) {
        return VirtualTime.current().isPresent()
                ? Thread.ofVirtual().name(name).unstarted(body)
                : Threads.daemon(name, body);
    }

    /** Replaces {@code Threads.daemons}. */
    public static ThreadFactory daemons(String prefix) {
        return VirtualTime.current().isPresent()
                ? Thread.ofVirtual().name(prefix, 1).factory()
                : Threads.daemons(prefix);
    }

    /** Replaces {@code LiveRecords.areKept}: a run finds its deadlocks itself, and records would be further steps. */
    public static boolean areLiveRecordsKept() {
        return false;
    }

    private static InstantSource source() {
        return VirtualTime.current().<InstantSource>map(clock -> clock).orElseGet(InstantSource::system);
    }
}
