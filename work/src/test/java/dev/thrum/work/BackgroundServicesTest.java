package dev.thrum.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.testkit.LogCapture;
import dev.thrum.work.BackgroundServices.Report;
import dev.thrum.work.BackgroundServices.Run;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class BackgroundServicesTest {
    private static final Instant START = Instant.parse("2026-11-20T08:20:00Z");
    private static final Duration NEVER = Duration.ofDays(365);
    private static final Duration AT_ONCE = Duration.ofNanos(1);

    private final AtomicReference<Instant> time = new AtomicReference<>(START);
    private final InstantSource clock = () -> time.get();
    private final BackgroundServices services = new BackgroundServices(clock);

    @AfterEach
    void close() {
        services.close();
    }

    private static Run end(CompletableFuture<Run> run) throws Exception {
        return run.get(Crew.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private Report report(String name) {
        return services.report().stream()
                .filter(report -> report.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void task_whenItsPeriodIsOver_runsAgainAndAgain() throws Exception {
        CountDownLatch runs = new CountDownLatch(5);
        services.start("tick", AT_ONCE, () -> {
            runs.countDown();
            return "";
        });
        Crew.await(runs);
    }

    @Test
    void task_whenItsFirstDelayIsZero_runsAtOnce() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        services.start("soon", Duration.ZERO, NEVER, () -> {
            ran.countDown();
            return "";
        });
        Crew.await(ran);
    }

    @Test
    void task_beforeItsPeriodIsOver_hasNotRun() {
        services.start("late", Duration.ofHours(1), () -> "never");
        Report report = report("late");
        assertThat(report.runs()).isZero();
        assertThat(report.last()).isEmpty();
        assertThat(report.runningSince()).isEmpty();
        assertThat(report.next())
                .hasValueSatisfying(
                        next -> assertThat(next).isBetween(START.plusSeconds(3_000), START.plusSeconds(3_600)));
    }

    @Test
    void task_whenItRuns_isOnADaemonThreadOfItsName() throws Exception {
        services.start("monitor", NEVER, () -> {
            Thread thread = Thread.currentThread();
            return thread.getName() + " " + thread.isDaemon() + " " + thread.isVirtual();
        });
        assertThat(end(services.runNow("monitor")).said()).isEqualTo("thrum-monitor true false");
    }

    @Test
    void report_whenARunHasEnded_hasItsStartAndResult() throws Exception {
        services.start("backup", Duration.ofHours(1), () -> {
            time.set(START.plusSeconds(7));
            return "12 pages";
        });
        Run run = end(services.runNow("backup"));
        assertThat(run.begun()).isEqualTo(START);
        assertThat(run.failed()).isFalse();
        assertThat(run.said()).isEqualTo("12 pages");
        Report report = report("backup");
        assertThat(report.runs()).isOne();
        assertThat(report.failures()).isZero();
        assertThat(report.last()).contains(run);
        assertThat(report.next())
                .hasValueSatisfying(
                        next -> assertThat(next).isBetween(START.plusSeconds(3_000), START.plusSeconds(3_607)));
    }

    @Test
    void report_whenTheClockWasSetMeanwhile_hasTheRealDuration() throws Exception {
        AtomicLong least = new AtomicLong();
        services.start("cleanup", NEVER, () -> {
            long start = System.nanoTime();
            time.set(START.minusSeconds(7));
            while (System.nanoTime() - start < 20_000_000) {
                Thread.onSpinWait();
            }
            time.set(START.plusSeconds(3_600));
            least.set(System.nanoTime() - start);
            return "";
        });
        long start = System.nanoTime();
        Duration took = end(services.runNow("cleanup")).took();
        assertThat(took).isBetween(Duration.ofNanos(least.get()), Duration.ofNanos(System.nanoTime() - start));
    }

    @Test
    void report_whileATaskRuns_hasItsStart() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        services.start("slow", Duration.ZERO, NEVER, () -> {
            began.countDown();
            Crew.await(release);
            return "done";
        });
        services.start("other", NEVER, () -> "did not wait");
        Crew.await(began);
        Report report = report("slow");
        assertThat(report.runningSince()).contains(START);
        assertThat(report.next()).isEmpty();
        assertThat(report.runs()).isZero();
        assertThat(end(services.runNow("other")).said()).isEqualTo("did not wait");
        release.countDown();
        assertThat(end(services.runNow("slow")).said()).isEqualTo("done");
    }

    @Test
    void runNow_whileATaskRuns_startsOneMoreRun() throws Exception {
        AtomicInteger number = new AtomicInteger();
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        services.start("slow", NEVER, () -> {
            began.countDown();
            Crew.await(release);
            return "run " + number.incrementAndGet();
        });
        CompletableFuture<Run> first = services.runNow("slow");
        Crew.await(began);
        CompletableFuture<Run> second = services.runNow("slow");
        CompletableFuture<Run> third = services.runNow("slow");
        release.countDown();
        assertThat(end(first).said()).isEqualTo("run 1");
        assertThat(end(second).said()).isEqualTo("run 2");
        assertThat(end(third).said()).isEqualTo("run 2");
    }

    @Test
    void task_whenItFails_runsAgain_andFailureAndRecoveryAreLoggedOnce() throws Exception {
        AtomicReference<Optional<Throwable>> failure = new AtomicReference<>(Optional.empty());
        try (LogCapture log = new LogCapture(BackgroundServices.class)) {
            services.start("backup", NEVER, () -> {
                if (failure.get().isPresent()) {
                    throw new IOException(failure.get().get());
                }
                return "fine";
            });
            assertThat(end(services.runNow("backup")).failed()).isFalse();
            failure.set(Optional.of(new IllegalStateException("disk full")));
            assertThat(end(services.runNow("backup")).failed()).isTrue();
            assertThat(end(services.runNow("backup")).said()).contains("disk full");
            failure.set(Optional.of(new StackOverflowError("deep")));
            end(services.runNow("backup"));
            end(services.runNow("backup"));
            failure.set(Optional.empty());
            end(services.runNow("backup"));
            end(services.runNow("backup"));
            assertThat(log.records()).extracting(LogRecord::getLevel).containsExactly(Level.WARNING, Level.INFO);
            assertThat(log.messages())
                    .containsExactly(
                            "background service backup failed and tries again after 31536000 s:"
                                    + " java.lang.IllegalStateException: disk full",
                            "background service backup works again: fine");
            // The message is complete; a stack trace is of no use to an operator.
            assertThat(log.thrown()).containsOnlyNulls();
        }
        assertThat(report("backup").runs()).isEqualTo(7);
        assertThat(report("backup").failures()).isEqualTo(4);
    }

    @Test
    void task_whenItThrowsAnError_runsAgain() throws Exception {
        AtomicInteger number = new AtomicInteger();
        try (LogCapture log = new LogCapture(BackgroundServices.class)) {
            services.start("wild", NEVER, () -> {
                if (number.incrementAndGet() == 1) {
                    throw new StackOverflowError();
                }
                return "calm";
            });
            assertThat(end(services.runNow("wild")).said()).isEqualTo("StackOverflowError");
            assertThat(end(services.runNow("wild")).said()).isEqualTo("calm");
            assertThat(log.thrown())
                    .satisfiesExactly(
                            defect -> assertThat(defect).isInstanceOf(StackOverflowError.class),
                            fine -> assertThat(fine).isNull());
        }
    }

    @Test
    void task_whenItsFileIsMissing_isReportedInPlainWords() throws Exception {
        try (LogCapture log = new LogCapture(BackgroundServices.class)) {
            services.start("monitor", Duration.ofMillis(900_500), () -> {
                throw new NoSuchFileException("/srv/data");
            });
            assertThat(end(services.runNow("monitor")).said()).isEqualTo("there is no /srv/data");
            assertThat(log.messages())
                    .containsExactly(
                            "background service monitor failed and tries again after 900.5 s: there is no /srv/data");
        }
    }

    @Test
    void task_whenItLeavesAnInterrupt_doesNotInterruptTheNextRun() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        services.start("careless", NEVER, () -> {
            began.countDown();
            boolean interrupted = Thread.currentThread().isInterrupted();
            // The next run is due at once: no wait in between sees the interrupt and clears it.
            if (!interrupted) {
                Crew.await(asked);
            }
            Thread.currentThread().interrupt();
            return "interrupted: " + interrupted;
        });
        CompletableFuture<Run> first = services.runNow("careless");
        Crew.await(began);
        CompletableFuture<Run> second = services.runNow("careless");
        asked.countDown();
        assertThat(end(first).said()).isEqualTo("interrupted: false");
        assertThat(end(second).said()).isEqualTo("interrupted: false");
    }

    @Test
    void close_whileATaskRuns_interruptsIt_andWaitsForItsEnd() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        AtomicReference<Optional<Thread>> thread = new AtomicReference<>(Optional.empty());
        try (LogCapture log = new LogCapture(BackgroundServices.class)) {
            services.start("slow", Duration.ZERO, NEVER, () -> {
                thread.set(Optional.of(Thread.currentThread()));
                began.countDown();
                new Semaphore(0).acquire();
                return "";
            });
            Crew.await(began);
            CompletableFuture<Run> next = services.runNow("slow");
            services.close();
            assertThat(thread.get())
                    .hasValueSatisfying(ended -> assertThat(ended.isAlive()).isFalse());
            assertThatThrownBy(() -> end(next)).isInstanceOf(CancellationException.class);
            assertThat(log.records()).isEmpty();
        }
        assertThat(report("slow").next()).isEmpty();
        services.close();
    }

    @Test
    void close_whenATaskIgnoresItsInterrupt_logsItsNameAndReturns() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (LogCapture log = new LogCapture(BackgroundServices.class)) {
            services.start("idle", NEVER, () -> "");
            services.start("stubborn", Duration.ZERO, NEVER, () -> {
                began.countDown();
                boolean released = false;
                while (!released) {
                    try {
                        released = release.await(Crew.LIMIT.toSeconds(), TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        // It ignores interrupts.
                    }
                }
                return "";
            });
            Crew.await(began);
            services.close();
            assertThat(log.records())
                    .extracting(LogRecord::getMessage)
                    .singleElement()
                    .asString()
                    .endsWith("but these go on: stubborn");
        } finally {
            release.countDown();
        }
    }

    @Test
    void close_byATask_doesNotWaitForIt() throws Exception {
        services.start("last", NEVER, () -> {
            services.close();
            return "closed";
        });
        assertThat(end(services.runNow("last")).said()).isEqualTo("closed");
    }

    @Test
    void closedServices_whenUsed_refuse() {
        services.start("backup", NEVER, () -> "");
        services.close();
        assertThat(services.runNow("backup")).isCancelled();
        assertThatThrownBy(() -> services.start("other", NEVER, () -> ""))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("other was started after that");
    }

    @Test
    void names_whenTakenOrUnknown_areRefused() {
        services.start("backup", NEVER, () -> "");
        assertThatThrownBy(() -> services.start("backup", NEVER, () -> ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected different names but there are two services backup");
        assertThatThrownBy(() -> services.runNow("bakup"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected one of the services [backup] but was \"bakup\"");
        assertThat(services.report()).extracting(Report::name).isEqualTo(List.of("backup"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Backup", "back up", "-x"})
    void name_whenItIsInvalid_isRefused(String name) {
        assertThatThrownBy(() -> services.start(name, NEVER, () -> "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void period_whenItIsNotPositive_isRefused() {
        assertThatThrownBy(() -> services.start("x", Duration.ZERO, () -> ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> services.start("x", Duration.ofSeconds(-1), NEVER, () -> ""))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
