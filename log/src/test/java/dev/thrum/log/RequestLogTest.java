package dev.thrum.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.LogCapture;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
@ExtendWith(LeakCheck.class)
final class RequestLogTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-20T08:20:00Z"));
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final ScriptedSink sink = new ScriptedSink();
    private final List<RequestLog> opened = new ArrayList<>();

    private RequestLog open(int capacity, WhenFull whenFull, Duration patience) {
        return open(
                capacity,
                whenFull,
                patience,
                Thread.ofPlatform().name("thrum-log").daemon().factory());
    }

    private RequestLog open(int capacity, WhenFull whenFull, Duration patience, ThreadFactory threads) {
        RequestLog log = RequestLog.open(sink, CLOCK, capacity, whenFull, patience, threads);
        opened.add(log);
        return log;
    }

    @AfterEach
    void close() {
        sink.gate.countDown();
        opened.forEach(RequestLog::close);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end)
                    .as("nanoseconds after the deadline")
                    .isNegative();
            Thread.onSpinWait();
        }
    }

    private void awaitAttempt() throws InterruptedException {
        assertThat(sink.attempts.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
    }

    private static List<Thread> crowd(int producers, int each, RequestLog log) {
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            int producer = p;
            Thread.Builder kind = p % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
            threads.add(kind.start(() -> {
                for (int i = 0; i < each; i++) {
                    log.put(Records.numbered((long) producer * each + i));
                }
            }));
        }
        return threads;
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            assertThat(thread.join(LONG)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(WhenFull.class)
    void everyRecord_isWrittenOrCountedAsDropped_whenManyThreadsPutIntoASmallQueue(WhenFull whenFull) throws Exception {
        int producers = 8;
        int each = 5_000;
        RequestLog log = open(16, whenFull, LONG);
        join(crowd(producers, each, log));

        assertThat(log.drain(LONG)).isTrue();

        LogStats stats = log.stats();
        assertThat(stats.written()).isEqualTo(sink.written.size());
        assertThat(stats.written() + stats.dropped()).isEqualTo((long) producers * each);
        assertThat(sink.dropped())
                .as("the number of dropped records in the log")
                .isEqualTo(stats.dropped());
        assertThat(stats.waiting()).isZero();
        if (whenFull == WhenFull.WAIT) {
            assertThat(stats.dropped()).isZero();
        }
        for (int p = 0; p < producers; p++) {
            long producer = p;
            assertThat(sink.written.stream().map(Records::number).filter(number -> number / each == producer))
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void oneRecord_isWritten_whileTheWriterSleeps() throws Exception {
        RequestLog log = open(8, WhenFull.WAIT, LONG);
        for (int i = 0; i < 3; i++) {
            Thread writer = thread("thrum-log");
            // It naps for 10 ms at most ten times, and then sleeps until it is woken or a second has passed.
            await(() -> writer.getState() == Thread.State.TIMED_WAITING);
            log.put(Records.numbered(i));
            int count = i + 1;
            await(() -> sink.written.size() == count);
        }
    }

    private static Thread thread(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oldestRecord_isTheOneThatIsBeingWritten_whenTheSinkHangs() throws Exception {
        InstantSource later =
                InstantSource.fixed(Instant.ofEpochMilli(Records.TIME).plusMillis(5_001));
        RequestLog log = RequestLog.open(
                sink,
                later,
                4,
                WhenFull.DROP,
                LONG,
                Thread.ofPlatform().daemon().factory());
        opened.add(log);
        assertThat(log.stats().oldest()).isZero();
        CountDownLatch gate = sink.hang();
        log.put(Records.numbered(0));
        awaitAttempt();
        log.put(Records.numbered(1));

        // The request took a millisecond.
        assertThat(log.stats().oldest()).isEqualTo(Duration.ofSeconds(5));

        gate.countDown();
        assertThat(log.drain(LONG)).isTrue();
        assertThat(log.stats().oldest()).isZero();
    }

    @Test
    void dropCount_isExact_whenTheSinkHangs() throws Exception {
        RequestLog log = open(4, WhenFull.DROP, LONG);
        CountDownLatch gate = sink.hang();
        log.put(Records.numbered(0));
        awaitAttempt();
        for (int i = 1; i <= 10; i++) {
            log.put(Records.numbered(i));
        }
        assertThat(log.stats())
                .extracting(LogStats::written, LogStats::dropped, LogStats::waiting, LogStats::failing)
                .containsExactly(0L, 6L, 4, false);

        gate.countDown();
        assertThat(log.drain(LONG)).isTrue();
        assertThat(sink.written).extracting(Records::number).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(sink.gaps).containsExactly(new LogSink.Gap(CLOCK.millis(), 6));
    }

    @Test
    void waitingCaller_continues_whenThereIsRoom() throws Exception {
        RequestLog log = open(2, WhenFull.WAIT, LONG);
        CountDownLatch gate = sink.hang();
        log.put(Records.numbered(0));
        awaitAttempt();
        log.put(Records.numbered(1));
        log.put(Records.numbered(2));
        Thread waiting = Thread.ofPlatform().start(() -> log.put(Records.numbered(3)));
        await(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        log.putNow(Records.numbered(4));

        gate.countDown();
        assertThat(waiting.join(LONG)).isTrue();
        assertThat(log.drain(LONG)).isTrue();
        assertThat(sink.written).extracting(Records::number).containsExactly(0L, 1L, 2L, 3L);
        assertThat(sink.dropped()).isEqualTo(1);
    }

    @Test
    void waitingCaller_givesUp_andLaterCallersDoNotWait_whenTheSinkHangs() throws Exception {
        RequestLog log = open(1, WhenFull.WAIT, SHORT);
        CountDownLatch gate = sink.hang();
        log.put(Records.numbered(0));
        awaitAttempt();
        for (int i = 1; i <= 500; i++) {
            // If each waited for its full patience, this would take half a minute.
            log.put(Records.numbered(i));
        }
        assertThat(log.stats().dropped()).isEqualTo(499);

        gate.countDown();
        await(() -> log.stats().written() == 2);
        log.put(Records.numbered(501));
        assertThat(log.drain(LONG)).isTrue();
        assertThat(sink.written).extracting(Records::number).containsExactly(0L, 1L, 501L);
    }

    @Test
    void interrupt_endsTheWait_andTheFlagStaysSet() throws Exception {
        RequestLog log = open(1, WhenFull.WAIT, LONG);
        CountDownLatch _ = sink.hang();
        log.put(Records.numbered(0));
        awaitAttempt();
        log.put(Records.numbered(1));
        boolean[] interrupted = {false};
        Thread waiting = Thread.ofPlatform().start(() -> {
            log.put(Records.numbered(2));
            interrupted[0] = Thread.currentThread().isInterrupted();
        });
        await(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        waiting.interrupt();
        assertThat(waiting.join(LONG)).isTrue();
        assertThat(interrupted[0]).isTrue();
        assertThat(log.stats().dropped()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(WhenFull.class)
    void failingSink_blocksNoCaller_andLaterWritesTheWaitingRecordsThenTheGap(WhenFull whenFull) throws Exception {
        RequestLog log = open(4, whenFull, LONG);
        sink.failing = true;
        log.put(Records.numbered(0));
        await(() -> log.stats().failing());
        for (int i = 1; i <= 10; i++) {
            log.put(Records.numbered(i));
        }
        assertThat(log.stats())
                .extracting(LogStats::written, LogStats::dropped, LogStats::waiting, LogStats::failing)
                .containsExactly(0L, 6L, 4, true);
        sink.failing = false;
        await(() -> !log.stats().failing());

        assertThat(log.drain(LONG)).isTrue();
        assertThat(sink.written).extracting(Records::number).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(sink.dropped()).isEqualTo(6);
        assertThat(log.stats().failing()).isFalse();
    }

    @Test
    void uncheckedExceptionOfASink_losesItsRecords_andTheLogGoesOn() throws Exception {
        RequestLog log = open(4, WhenFull.WAIT, LONG);
        sink.defective = true;
        log.put(Records.numbered(0));
        await(() -> log.stats().dropped() == 1);
        sink.defective = false;
        log.put(Records.numbered(1));
        assertThat(log.drain(LONG)).isTrue();
        assertThat(sink.written).extracting(Records::number).containsExactly(1L);
        assertThat(sink.dropped()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void drain_endsAtItsDeadline_andLaterRecordsAreDropped_whenTheSinkHangsOrFails(boolean hangs) throws Exception {
        RequestLog log = open(8, WhenFull.WAIT, LONG);
        sink.failing = !hangs;
        if (hangs) {
            CountDownLatch _ = sink.hang();
        }
        log.put(Records.numbered(0));
        awaitAttempt();
        log.put(Records.numbered(1));
        log.put(Records.numbered(2));

        long begun = System.nanoTime();
        assertThat(log.drain(SHORT)).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
        assertThat(log.stats().written()).isZero();
        log.put(Records.numbered(3));
        assertThat(log.stats().dropped()).isEqualTo(1);
    }

    @Test
    void recurringFault_isLoggedWithTwoLines_insteadOfTwoForEachChange() throws Exception {
        try (LogCapture capture = new LogCapture("dev.thrum.log")) {
            RequestLog log = open(8, WhenFull.WAIT, LONG);
            for (int i = 0; i < 4; i++) {
                sink.failing = true;
                log.put(Records.numbered(i));
                await(() -> log.stats().failing());
                sink.failing = false;
                await(() -> !log.stats().failing());
            }
            assertThat(capture.messages()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(WhenFull.class)
    void writerThatCannotBeStarted_isStartedLater_andBlocksNoCaller(WhenFull whenFull) throws Exception {
        RequestLog log = open(2, whenFull, LONG, Reluctant.threads(new AtomicInteger(1)));
        assertThat(log.stats().failing()).isTrue();
        long put = 0;
        while (log.stats().written() == 0) {
            log.put(Records.numbered(put++));
            Thread.onSpinWait();
            assertThat(log.stats().dropped())
                    .as("dropped before the writer was started")
                    .isLessThan(1_000_000_000);
        }

        assertThat(log.drain(LONG)).isTrue();
        assertThat(log.stats().written() + log.stats().dropped()).isEqualTo(put);
        assertThat(sink.dropped()).isEqualTo(log.stats().dropped());
        assertThat(log.stats().failing()).isFalse();
    }

    @Test
    void writerThatCanNeverBeStarted_losesTheWaitingRecords_andTheDrainEndsInTime() throws Exception {
        RequestLog log = open(2, WhenFull.WAIT, LONG, Reluctant.threads(new AtomicInteger(Integer.MAX_VALUE)));
        log.put(Records.numbered(0));
        assertThat(log.drain(SHORT)).isFalse();
        assertThat(sink.closed.getCount()).isZero();
    }

    @Test
    void closing_again_changesNothing() throws Exception {
        RequestLog log = open(8, WhenFull.WAIT, LONG);
        log.put(Records.numbered(0));
        assertThat(log.drain(LONG)).isTrue();
        assertThat(log.drain(LONG)).isTrue();
        log.close();
        assertThat(sink.closed.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(sink.written).hasSize(1);
    }
}
