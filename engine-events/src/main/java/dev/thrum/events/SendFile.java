package dev.thrum.events;

import io.netty.channel.DefaultFileRegion;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
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
 * <p>If that method is missing or inaccessible, files are copied.
 */
final class SendFile {
    private static final Optional<MethodHandle> METHOD = find();

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

    static boolean isAvailable() {
        return METHOD.isPresent();
    }

    /**
     * Sends bytes of a file; returns how many the socket has taken, 0 if it takes none now or if the file has none at
     * this position.
     */
    static long send(Socket socket, FileChannel source, long position, long count) throws IOException {
        // Not released: that would close the file, which belongs to the handler.
        DefaultFileRegion region = new DefaultFileRegion(source, position, count);
        long result = call(socket.intValue(), region, position, count);
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
