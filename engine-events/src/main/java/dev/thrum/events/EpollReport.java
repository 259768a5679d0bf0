package dev.thrum.events;

import io.netty.channel.IoEvent;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoOps;

/** What the kernel reports of a socket, as bits; Netty has no constants for two of them (epoll_ctl(2)). */
record EpollReport(int bits) {
    private static final int IN = EpollIoOps.EPOLLIN.value();
    private static final int PRI = 0x02;
    private static final int OUT = EpollIoOps.EPOLLOUT.value();
    private static final int ERR = EpollIoOps.EPOLLERR.value();
    private static final int HUP = 0x10;
    private static final int RDHUP = EpollIoOps.EPOLLRDHUP.value();

    /** The reports of input, edge-triggered. */
    static final EpollIoOps INPUT = EpollIoOps.valueOf(IN | PRI | RDHUP | EpollIoOps.EPOLLET.value());

    /** The same, and of room for output. */
    static final EpollIoOps INPUT_AND_OUTPUT = INPUT.with(EpollIoOps.EPOLLOUT);

    static EpollReport of(IoEvent event) {
        return new EpollReport(((EpollIoEvent) event).ops().value());
    }

    /** Whether there is urgent data (RFC 6093). */
    boolean isUrgent() {
        return (bits & PRI) != 0;
    }

    /** Whether the stream ends or is broken. */
    boolean isHungUp() {
        return (bits & (RDHUP | HUP | ERR)) != 0;
    }

    /** Whether a read finds something: input, the end or a failure. */
    boolean isReadable() {
        return (bits & ~OUT) != 0;
    }

    /**
     * Whether a write takes bytes or fails; not after only the peer's end: a peer that has ended its half and does not
     * read makes the socket no more writable.
     */
    boolean isWritable() {
        return (bits & (OUT | HUP | ERR)) != 0;
    }
}
