package dev.thrum.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.LayoutBase;
import dev.thrum.base.Printable;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The layout of a log entry: {@code 2026-11-20 08:24:00.123 INFO  [virtual-7] message}, then the lines of a stack
 * trace, each indented.
 *
 * <p>Messages, those of exceptions too, can contain text that a client has sent. They are made {@link Printable}, so
 * that no client can forge a log entry.
 */
final class LogLine extends LayoutBase<ILoggingEvent> {
    private final DateTimeFormatter time;

    LogLine(ZoneId zone) {
        time = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT)
                .withZone(zone);
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder text = new StringBuilder(128);
        time.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), text);
        text.append(' ').append(event.getLevel());
        text.append(event.getLevel().levelStr.length() < 5 ? "  [" : " [");
        text.append(event.getThreadName()).append("] ");
        text.append(Printable.of(event.getFormattedMessage())).append('\n');
        if (event.getThrowableProxy() != null) {
            trace(event.getThrowableProxy(), "", text);
        }
        return text.toString();
    }

    private static void trace(IThrowableProxy thrown, String role, StringBuilder text) {
        text.append("    ").append(role).append(thrown.getClassName());
        if (thrown.getMessage() != null) {
            text.append(": ").append(Printable.of(thrown.getMessage()));
        }
        text.append('\n');
        StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
        for (int i = 0; i < frames.length - thrown.getCommonFrames(); i++) {
            text.append("        ").append(frames[i].getSTEAsString()).append('\n');
        }
        if (thrown.isCyclic()) {
            return;
        }
        for (IThrowableProxy suppressed : thrown.getSuppressed()) {
            trace(suppressed, "Suppressed: ", text);
        }
        if (thrown.getCause() != null) {
            trace(thrown.getCause(), "Caused by: ", text);
        }
    }
}
