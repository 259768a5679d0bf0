package dev.thrum.events;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

/** An engine on io_uring with one loop, and clients of it that are plain sockets. */
final class RingClients {
    /** A larger test, which takes minutes. */
    static final boolean SOAK = Boolean.getBoolean("thrum.soak");

    private RingClients() {}

    static Engine engine() {
        return EventEngine.open(Available.here(options()));
    }

    static EventOptions options() {
        return new EventOptions(TransportKind.IO_URING, 1, Duration.ofSeconds(10));
    }

    static Server listen(Engine engine, ConnectionHandler handler) throws IOException {
        return engine.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                handler,
                Limits.defaults().withMaxPerPeer(5_000));
    }

    static Socket connect(Server server) throws IOException {
        Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort());
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Closes it in a way that the other side gets a reset, and not an end. */
    static void resetBy(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** The byte at each place of a stream, in which a piece at a wrong place shows. */
    static byte byteAt(long place) {
        return (byte) (place * 31 ^ place >>> 8 ^ place >>> 16 ^ place >>> 24);
    }

    static void fill(byte[] target, long place) {
        for (int i = 0; i < target.length; i++) {
            target[i] = byteAt(place + i);
        }
    }

    /** Sends this many bytes of that stream. */
    static void send(Socket socket, long length) throws IOException {
        byte[] piece = new byte[64 * 1024];
        for (long sent = 0; sent < length; sent += piece.length) {
            fill(piece, sent);
            socket.getOutputStream().write(piece, 0, (int) Math.min(piece.length, length - sent));
        }
    }

    /** Reads that stream to its end, or this many bytes of it; returns how many came before the first wrong one. */
    static long readChecked(Connection connection, int piece, long most) throws IOException {
        byte[] target = new byte[piece];
        long place = 0;
        while (place < most) {
            int count = connection.reader().readAvailable(target, 0, (int) Math.min(piece, most - place));
            if (count < 0) {
                return place;
            }
            for (int i = 0; i < count; i++) {
                if (target[i] != byteAt(place + i)) {
                    return place + i;
                }
            }
            place += count;
        }
        return place;
    }

    /** What the other side sends, to the end. */
    static String textToEnd(InputStream from) throws IOException {
        return new String(from.readAllBytes(), StandardCharsets.US_ASCII);
    }

    /** What a client does. */
    interface Part {
        void run(int number) throws Exception;
    }

    /** Runs this for each client on a virtual thread, and waits for all; throws what one has thrown. */
    static void all(int count, Part part) throws Exception {
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            FutureTask<Void> task = new FutureTask<>(() -> {
                part.run(number);
                return null;
            });
            tasks.add(task);
            Thread.startVirtualThread(task);
        }
        for (FutureTask<Void> task : tasks) {
            task.get();
        }
    }
}
