package dev.thrum.events;

import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Linux's send(2) straight from an array of the heap, which saves a copy of long data.
 *
 * <p>The collector waits for such a call, or leaves the array where it is. The call does not block, and what it sends is
 * limited, so that takes some tens of microseconds. If the JVM does not make such calls, data is copied.
 */
final class HeapSend {
    /** Shorter data costs less to copy than this call costs more. */
    private static final int LEAST = 16 * 1024;

    /** The most bytes of one call, and so the longest that the collector waits. */
    private static final int MOST = 256 * 1024;

    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_MORE = 0x8000;

    private static final Optional<MethodHandle> METHOD = find();

    private HeapSend() {}

    // A downcall is what this class is for.
    @SuppressWarnings("restricted")
    private static Optional<MethodHandle> find() {
        FunctionDescriptor type = FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT);
        try {
            Linker linker = Linker.nativeLinker();
            return linker.defaultLookup()
                    .find("send")
                    .map(send -> linker.downcallHandle(
                            send, type, Linker.Option.critical(true), Linker.Option.captureCallState("errno")));
        } catch (RuntimeException | LinkageError e) {
            // Without --enable-native-access, where that is an error.
            return Optional.empty();
        }
    }

    /** Whether data of this length should be sent by {@link #send}. */
    static boolean pays(int length) {
        return length >= LEAST && METHOD.isPresent();
    }

    /**
     * Sends bytes without waiting; returns how many the socket has taken, 0 if it takes none now.
     *
     * @param scratch room for the number of the error
     * @param more whether more data follows at once, with which these bytes may leave
     */
    static int send(Socket socket, ByteBuffer scratch, byte[] source, int offset, int length, boolean more)
            throws IOException {
        MemorySegment state = MemorySegment.ofBuffer(scratch);
        MemorySegment bytes = MemorySegment.ofArray(source).asSlice(offset, Math.min(length, MOST));
        int flags = MSG_DONTWAIT | MSG_NOSIGNAL | (more ? MSG_MORE : 0);
        long sent;
        try {
            sent = (long) METHOD.orElseThrow().invokeExact(state, socket.intValue(), bytes, bytes.byteSize(), flags);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("expected to send data but the system call could not be made", e);
        }
        return sent >= 0 ? (int) sent : Errors.ioResult("send", -state.get(ValueLayout.JAVA_INT_UNALIGNED, 0));
    }
}
