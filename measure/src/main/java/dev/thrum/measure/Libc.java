package dev.thrum.measure;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Optional;

/**
 * Linux system calls, on plain addresses.
 *
 * <p>A round trip of the generator costs a {@code recv}, a {@code send} and next to nothing else, so that the server is
 * measured and not the generator. Calls that never block skip the JVM's state transition between Java and native code.
 */
// This class exists to call native code.
@SuppressWarnings("restricted")
public final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();

    private static final MethodHandle SOCKET = waiting("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CONNECT = reportingWait("connect", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            waiting("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SETSOCKOPT =
            waiting("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SHUTDOWN = waiting("shutdown", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = waiting("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle EPOLL_CREATE = waiting("epoll_create1", JAVA_INT, JAVA_INT);
    private static final MethodHandle EPOLL_CTL =
            waiting("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle CLOCK_GETTIME = waiting("clock_gettime", JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle GETRUSAGE = waiting("getrusage", JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle EPOLL_WAIT =
            prompt("epoll_wait", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final MethodHandle RECV = reporting("recv", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RECV_WAITING =
            reportingWait("recv", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle USLEEP = waiting("usleep", JAVA_INT, JAVA_INT);
    private static final MethodHandle SEND = reporting("send", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);

    /** Since Linux 5.11 and glibc 2.35: epoll_wait counts milliseconds. */
    private static final Optional<MethodHandle> EPOLL_PWAIT2 = LINKER.defaultLookup()
            .find("epoll_pwait2")
            .map(found -> LINKER.downcallHandle(
                    found, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG)));

    private static final MethodHandle PRCTL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("prctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));

    private static final MethodHandle FADVISE =
            waiting("posix_fadvise", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle OPEN = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(2));

    private static final long ERRNO =
            Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private static final long NANOS_PER_MICRO = 1_000;

    /** Longer waits could fail (usleep(3)). */
    private static final long MOST_MICROS = 999_999;

    private static final int SET_TIMERSLACK = 29;
    private static final int TRUNC = 0x20;
    private static final int FADVISE_DONTNEED = 4;
    private static final int DONTWAIT = 0x40;
    private static final int NOSIGNAL = 0x4000;

    private Libc() {}

    static int socket(int domain, int type, int protocol) {
        try {
            return (int) SOCKET.invokeExact(domain, type, protocol);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Memory for the failure of the calls that report it. */
    static MemorySegment errno(Arena arena) {
        return arena.allocate(Linker.Option.captureStateLayout());
    }

    /** Returns 0, or the failure as a negative number. */
    static int connect(MemorySegment errno, int socket, long address, int length) {
        try {
            int result = (int) CONNECT.invokeExact(errno, socket, address, length);
            return result < 0 ? -errno.get(JAVA_INT, ERRNO) : result;
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int setsockopt(int socket, int level, int option, long value, int length) {
        try {
            return (int) SETSOCKOPT.invokeExact(socket, level, option, value, length);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int getsockopt(int socket, int level, int option, long value, long length) {
        try {
            return (int) GETSOCKOPT.invokeExact(socket, level, option, value, length);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int shutdown(int socket, int how) {
        try {
            return (int) SHUTDOWN.invokeExact(socket, how);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    public static int close(int descriptor) {
        try {
            return (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int epollCreate() {
        try {
            return (int) EPOLL_CREATE.invokeExact(0);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int epollCtl(int epoll, int operation, int descriptor, long event) {
        try {
            return (int) EPOLL_CTL.invokeExact(epoll, operation, descriptor, event);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int clockGettime(int clock, long time) {
        try {
            return (int) CLOCK_GETTIME.invokeExact(clock, time);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    public static int getrusage(int who, long usage) {
        try {
            return (int) GETRUSAGE.invokeExact(who, usage);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Returns the events that are ready now, without waiting. */
    static int epollPoll(int epoll, long events, int capacity) {
        try {
            return (int) EPOLL_WAIT.invokeExact(epoll, events, capacity, 0);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Whether {@link #epollWait} is there. */
    static boolean hasEpollWait() {
        return EPOLL_PWAIT2.isPresent();
    }

    /** Waits for events until a time, in seconds and nanoseconds, has passed. */
    static int epollWait(int epoll, long events, int capacity, long time) {
        try {
            return (int) EPOLL_PWAIT2.orElseThrow().invokeExact(epoll, events, capacity, time, 0L);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Lets waits of the calling thread end by their time, and not up to 50 µs later. */
    static void waitExactly() {
        try {
            var _ = (int) PRCTL.invokeExact(SET_TIMERSLACK, 1L, 0L, 0L, 0L);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Returns the number of bytes, 0 at the end of the input, or the failure as a negative number. */
    static long recv(MemorySegment errno, int socket, long target, long length) {
        try {
            return orFailure(errno, (long) RECV.invokeExact(errno, socket, target, length, DONTWAIT));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** The same as {@link #recv}, but it waits until something arrives. */
    static long recvWaiting(MemorySegment errno, int socket, long target, long length) {
        try {
            return orFailure(errno, (long) RECV_WAITING.invokeExact(errno, socket, target, length, 0));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /**
     * Waits in native code, as a driver does that knows nothing of virtual threads: the thread that carries the caller waits, too.
     */
    public static void waitInNativeCode(Duration time) {
        try {
            var _ = (int) USLEEP.invokeExact((int) Math.min(MOST_MICROS, time.toNanos() / NANOS_PER_MICRO));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Discards received bytes without copying them (tcp(7), MSG_TRUNC). */
    static long discard(MemorySegment errno, int socket, long length) {
        try {
            return orFailure(errno, (long) RECV.invokeExact(errno, socket, 0L, length, DONTWAIT | TRUNC));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Opens the file with this name for reading. */
    public static int open(long name) {
        try {
            return (int) OPEN.invokeExact(name, 0, 0);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Drops the clean pages of a file from the system's cache; returns 0 on success. */
    public static int forgetPages(int descriptor) {
        try {
            return (int) FADVISE.invokeExact(descriptor, 0L, 0L, FADVISE_DONTNEED);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Returns the number of bytes, or the failure as a negative number. */
    static long send(MemorySegment errno, int socket, long source, long length) {
        try {
            return orFailure(errno, (long) SEND.invokeExact(errno, socket, source, length, DONTWAIT | NOSIGNAL));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    private static long orFailure(MemorySegment errno, long result) {
        return result < 0 ? -errno.get(JAVA_INT, ERRNO) : result;
    }

    private static MethodHandle reportingWait(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }

    /** A call that never blocks, and tells why it failed. */
    private static MethodHandle reporting(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.critical(false),
                Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle waiting(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }

    private static MethodHandle prompt(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.critical(false));
    }

    private static IllegalStateException impossible(Throwable e) {
        return new IllegalStateException("expected a call of libc to return", e);
    }
}
