package dev.thrum.netty;

import java.util.Locale;

/** How the loops of engine {@code events} talk to the kernel. */
public enum Transport {
    /** Linux's epoll: the descriptor is read and written by the handler itself. The default. */
    EPOLL,
    /** Linux's io_uring: the loop submits reads and writes in batches. */
    IO_URING,
    /** The JDK's selectors: every system. */
    NIO;

    /** As it is written on a command line: {@code epoll}, {@code io_uring}, {@code nio}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
