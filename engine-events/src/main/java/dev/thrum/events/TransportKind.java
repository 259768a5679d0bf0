package dev.thrum.events;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.util.Locale;
import java.util.Optional;

/** How the loops of engine {@code events} talk to the kernel. */
public enum TransportKind {
    /** Linux's epoll: the descriptor is read and written by the handler itself. The default. */
    EPOLL,
    /** Linux's io_uring: the loop submits reads and writes in batches. */
    IO_URING,
    /** The JDK's selectors: every system. */
    NIO;

    /** Why this system does not have it; empty if it has. */
    public Optional<String> problem() {
        Throwable cause = switch (this) {
            case EPOLL -> Epoll.unavailabilityCause();
            case IO_URING -> IoUring.unavailabilityCause();
            case NIO -> null;
        };
        return Optional.ofNullable(cause).map(TransportKind::root);
    }

    private static String root(Throwable cause) {
        Throwable deepest = cause;
        for (Throwable below = cause.getCause(); below != null; below = below.getCause()) {
            deepest = below;
        }
        return String.valueOf(deepest.getMessage());
    }

    /** As it is written on a command line: {@code epoll}, {@code io_uring}, {@code nio}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
