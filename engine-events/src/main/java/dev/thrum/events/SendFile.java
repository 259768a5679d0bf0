package dev.thrum.events;

import io.netty.channel.DefaultFileRegion;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * Linux's sendfile(2), from a file to a socket without a copy; the only class that uses Netty's private method for
 * it.
 *
 * <p>If that method is missing or inaccessible, or the channel is not one of the JDK's, the caller sends the file in another way.
 */
final class SendFile {
    /** More than a socket takes at once, so that a file needs no more calls than necessary. */
    static final int MOST = 1024 * 1024;

    /** The JDK's own kind of channel, of which Netty reads a private field without looking what it is. */
    private static final String KIND = "sun.nio.ch.FileChannelImpl";

    private static final Optional<MethodHandle> METHOD = Epoll.isAvailable() ? find() : Optional.empty();

    private SendFile() {}

    private static Optional<MethodHandle> find() {
        MethodType type = MethodType.methodType(
                long.class, int.class, DefaultFileRegion.class, long.class, long.class, long.class);
        try {
            return Optional.of(MethodHandles.privateLookupIn(LinuxSocket.class, MethodHandles.lookup())
                    .findStatic(LinuxSocket.class, "sendFile", type));
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }

    /** Loads Netty's native library, which takes longer than a loop may be blocked. */
    static void prepare() {
        // Done by the initializer of this class.
    }

    /** Whether this file can be sent so. */
    static boolean sends(FileChannel source) {
        return METHOD.isPresent() && source.getClass().getName().equals(KIND);
    }

    /**
     * Sends bytes of a file; returns how many the socket has taken, 0 if it takes none now or if the file has none at
     * this position.
     *
     * @param socket its descriptor, which must not block
     */
    static long send(int socket, FileChannel source, long position, long count) throws IOException {
        // Not released: that would close the file, which belongs to the handler.
        DefaultFileRegion region = new DefaultFileRegion(source, position, count);
        long result = call(socket, region, position, count);
        return result >= 0 ? result : Errors.ioResult("sendfile", (int) result);
    }

    private static long call(int socket, DefaultFileRegion region, long position, long count) throws IOException {
        try {
            return (long) METHOD.orElseThrow().invokeExact(socket, region, position, 0L, count);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("expected to send a file but the system call could not be made", e);
        }
    }
}
