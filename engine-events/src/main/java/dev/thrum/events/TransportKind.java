package dev.thrum.events;

import dev.thrum.events.ring.RingSupport;
import io.netty.channel.epoll.Epoll;
import java.util.Locale;
import java.util.Optional;

/** The kernel interfaces that the loops of engine {@code events} can use. */
public enum TransportKind {
    /** Linux's epoll: the handler's thread itself reads and writes the descriptor. The default. */
    EPOLL,
    /** Linux's io_uring: the loop submits reads and writes in batches. */
    IO_URING,
    /** The JDK's selectors, on every system. */
    NIO;

    /** The reason why this system does not support it; empty if it does. */
    public Optional<String> problem() {
        return switch (this) {
            case EPOLL -> Optional.ofNullable(Epoll.unavailabilityCause()).map(TransportKind::root);
            case IO_URING -> RingSupport.problem();
            case NIO -> Optional.empty();
        };
    }

    private static String root(Throwable cause) {
        Throwable deepest = cause;
        for (Throwable below = cause.getCause(); below != null; below = below.getCause()) {
            deepest = below;
        }
        return String.valueOf(deepest.getMessage());
    }

    /** The name for command lines: {@code epoll}, {@code io_uring}, {@code nio}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
