package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.thrum.app.talk.LineCutter;
import dev.thrum.base.Printable;
import dev.thrum.base.Threads;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Text for people: lines of the log, text from outside. */
final class TextTest {
    @Test
    void excerpt_isQuoted_bounded_andPrintable() {
        assertThat(Printable.excerpt("time", 4)).isEqualTo("\"time\"");
        assertThat(Printable.excerpt("a\u001bbc", 3)).isEqualTo("\"a\\u001bb…\" (4 characters)");
        // A lone surrogate is not a character.
        assertThat(Printable.excerpt("a\ud83d\ude00b", 2)).isEqualTo("\"a…\" (4 characters)");
        assertThat(Printable.excerpt("", 0)).isEqualTo("\"\"");
    }

    @Test
    void printable_escapesControlCharacters_andKeepsTheRest() {
        assertThat(Printable.of("Gr\u00fc\u00dfe \u2603 \ud83d\ude00\t\"\\"))
                .isEqualTo("Gr\u00fc\u00dfe \u2603 \ud83d\ude00\t\"\\");
        assertThat(Printable.of("a\nb\rc\u001b[2J\u0000\u007f\u0085\u2028\u202e"))
                .isEqualTo("a\\nb\\rc\\u001b[2J\\u0000\\u007f\\u0085\\u2028\\u202e");
    }

    @Test
    void logLine_cannotBeForged_byLineEndsInAnException() {
        Logger logger = new LoggerContext().getLogger("x");
        Exception thrown = new IllegalStateException("outer\nforged", new IllegalArgumentException("inner\rforged"));
        LoggingEvent event = new LoggingEvent("", logger, Level.WARN, "said\nforged", thrown, null);
        event.setInstant(Instant.parse("2026-11-20T08:24:00.123Z"));
        event.setThreadName("main");
        List<String> lines = new LogLine(ZoneOffset.UTC).doLayout(event).lines().toList();
        assertThat(lines).first().isEqualTo("2026-11-20 08:24:00.123 WARN  [main] said\\nforged");
        assertThat(lines.subList(1, lines.size()))
                .allMatch(line -> line.startsWith("    "))
                .contains(
                        "    java.lang.IllegalStateException: outer\\nforged",
                        "    Caused by: java.lang.IllegalArgumentException: inner\\rforged");
    }

    @Test
    void stackOfAnotherThread_isLoggedWithALineForEachFrame() throws InterruptedException {
        CountDownLatch enough = new CountDownLatch(1);
        Thread waiting = Thread.ofPlatform().name("worker\nforged").start(() -> waitFor(enough));
        while (waiting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        LoggingEvent event = new LoggingEvent(
                "", new LoggerContext().getLogger("x"), Level.WARN, "it waits", Threads.stack(waiting), null);
        enough.countDown();
        waiting.join();
        List<String> lines = new LogLine(ZoneOffset.UTC).doLayout(event).lines().toList();
        assertThat(lines.get(0)).endsWith("it waits");
        assertThat(lines.get(1)).isEqualTo("    dev.thrum.base.ThreadStack: worker\\nforged");
        assertThat(lines.subList(2, lines.size()))
                .allMatch(line -> line.startsWith("        at "))
                .anyMatch(line -> line.startsWith("        at dev.thrum.app.TextTest.waitFor("));
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    @Test
    void lineCutter_returnsTheSameLines_forPiecesOfAnySize() {
        byte[] bytes = "one\r\n\ntw\u00f6\nrest".getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            List<String> lines = new ArrayList<>();
            LineCutter cutter = new LineCutter(lines::add);
            for (int from = 0; from < bytes.length; from += size) {
                int count = Math.min(size, bytes.length - from);
                byte[] piece = new byte[count + 1];
                System.arraycopy(bytes, from, piece, 0, count);
                cutter.add(piece, count);
            }
            cutter.end();
            assertThat(lines).as("pieces of %s", size).containsExactly("one", "", "tw\u00f6", "rest");
        }
    }
}
