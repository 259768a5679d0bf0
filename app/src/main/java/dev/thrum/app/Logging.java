package dev.thrum.app;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import org.slf4j.LoggerFactory;

/**
 * The program's configuration of Logback: entries from level INFO are written to the standard error stream. Logback
 * finds this class as a service, but it does nothing unless {@link Main} started the program: another program with this
 * jar on its class path keeps its own logging.
 *
 * <p>It is Java code, so that no XML parser is loaded at every start. With {@code -Dlogback.configurationFile}, that
 * file is read instead.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class Logging extends ContextAwareBase implements Configurator {
    private static final String IN_CHARGE = "thrum.logging";
    private static final int QUEUE = 8_192;
    private static final int FLUSH_MILLIS = 1_000;

    /** Lets this class configure Logback, which asks it before the first entry is logged. */
    static void takeCharge() {
        System.setProperty(IN_CHARGE, "true");
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (!Boolean.getBoolean(IN_CHARGE) || System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        LogLine layout = new LogLine(ZoneId.systemDefault());
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        AsyncAppender queue = queue(context, appender);
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(queue);
        // At every start, Flyway logs that there was nothing to do.
        context.getLogger("org.flywaydb").setLevel(Level.WARN);
        context.getLogger("crawlercommons").setLevel(Level.WARN);
        // Its clients log all of their settings, and each attempt to reach a broker; commands say what users need to
        // know.
        context.getLogger("org.apache.kafka").setLevel(Level.ERROR);
        // A history that can't be written, or an unknown kind of terminal, must not disturb a conversation.
        context.getLogger("org.jline").setLevel(Level.OFF);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /**
     * A bounded queue in front of the appender, so that a stalled reader of the log does not stall the server: when the
     * queue is full, entries are dropped.
     */
    private static AsyncAppender queue(LoggerContext context, Appender<ILoggingEvent> appender) {
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(context);
        queue.setName("queue");
        queue.setQueueSize(QUEUE);
        queue.setDiscardingThreshold(0);
        queue.setNeverBlock(true);
        queue.setMaxFlushTime(FLUSH_MILLIS);
        queue.addAppender(appender);
        queue.start();
        return queue;
    }

    /** Sets the log level; {@code DEBUG} applies only to Thrum's own loggers. */
    static void level(LoggingOptions.LogLevel level) {
        switch (level) {
            case DEBUG -> set("dev.thrum", Level.DEBUG);
            case INFO -> set(org.slf4j.Logger.ROOT_LOGGER_NAME, Level.INFO);
            case WARN -> set(org.slf4j.Logger.ROOT_LOGGER_NAME, Level.WARN);
        }
    }

    /** Enables logging of each line that a service receives. */
    static void lines() {
        set("dev.thrum.lines", Level.TRACE);
    }

    private static void set(String logger, Level level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(logger).setLevel(level);
        }
    }

    /** Writes the queued entries, at the end of the program. Gives up after a second. */
    static void flush() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }
}
