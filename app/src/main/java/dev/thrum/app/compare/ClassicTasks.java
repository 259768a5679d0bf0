package dev.thrum.app.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.thrum.base.Clock;
import dev.thrum.base.Threads;
import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.line.LineFormat;
import dev.thrum.line.Lines;
import dev.thrum.measure.Sockets;
import dev.thrum.measure.compare.ClassicTable;
import dev.thrum.measure.compare.ClassicTable.Row;
import dev.thrum.measure.compare.ClassicTable.Way;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Five tasks that each ask a server on this machine for a line, which it sends 1, 1.5, 2, 2.5 or 3 seconds later: one after the
 * other, on a pool of threads, on virtual threads, on an event loop, and on an event loop that the tasks block.
 */
final class ClassicTasks {
    private static final List<Double> SECONDS = List.of(1.0, 1.5, 2.0, 2.5, 3.0);
    private static final double MILLIS = 1e3;
    private static final double NANOS = 1e9;
    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** The tasks block the loop on purpose, so nobody needs to be warned. */
    private static final Duration NO_STALL = Duration.ofDays(1);

    private final double scale;
    private final Consumer<String> doing;
    private final InetSocketAddress server;

    /** One task: asks the server for a line after this many milliseconds. */
    @FunctionalInterface
    private interface Task {
        void ask(long millis) throws IOException;
    }

    private ClassicTasks(double scale, Consumer<String> doing, InetSocketAddress server) {
        this.scale = scale;
        this.doing = doing;
        this.server = server;
    }

    /**
     * Runs them in all ways.
     *
     * @param scale by what their times are multiplied
     * @param doing gets what is done now, in a few words
     */
    static ClassicTable run(double scale, Consumer<String> doing) throws IOException {
        try (Engine engine = Engine.virtual();
                Server server = engine.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Lines.of(LineFormat.lf(), session -> {
                            for (var line = session.readLine(); line.isPresent(); line = session.readLine()) {
                                session.connection().clock().sleep(Duration.ofMillis(Long.parseLong(line.get())));
                                session.writeLine("done");
                            }
                        }),
                        Limits.defaults())) {
            // Once without waits, so that the table has no class loading in it.
            ClassicTable _ = new ClassicTasks(0, _ -> {}, server.address()).table();
            return new ClassicTasks(scale, doing, server.address()).table();
        }
    }

    private ClassicTable table() throws IOException {
        List<Row> rows = new ArrayList<>();
        rows.add(row(Way.IN_TURN, Runnable::run, this::ask));
        try (ExecutorService pool = Executors.newFixedThreadPool(SECONDS.size(), Threads.daemons("thrum-classic-"))) {
            rows.add(row(Way.POOL, pool, this::ask));
        }
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            rows.add(row(Way.VIRTUAL, each, this::ask));
        }
        EventOptions options = EventOptions.defaults().withLoops(1).withStall(NO_STALL);
        try (Engine loop = EventEngine.open(options)) {
            Executor onLoop = task -> {
                var _ = loop.schedule(Duration.ZERO, task);
            };
            rows.add(row(Way.EVENT_LOOP, onLoop, millis -> askOver(loop, millis)));
            rows.add(row(Way.BLOCKED_LOOP, onLoop, this::askInNativeCode));
        }
        return new ClassicTable(
                scale, SECONDS.stream().map(seconds -> seconds * scale).toList(), rows);
    }

    private Row row(Way way, Executor executor, Task task) throws IOException {
        doing.accept("five tasks, " + way.title());
        long start = Clock.system().nanoTime();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (double seconds : SECONDS) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            ends.add(end);
            executor.execute(() -> {
                try {
                    task.ask(Math.round(seconds * scale * MILLIS));
                    boolean _ = end.complete(null);
                } catch (IOException | RuntimeException | Error e) {
                    boolean _ = end.completeExceptionally(e);
                }
            });
        }
        try {
            ends.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw new IOException("expected five tasks to end but one has failed " + way.title(), e.getCause());
        }
        return new Row(way, List.of((Clock.system().nanoTime() - start) / NANOS));
    }

    private static byte[] line(long millis) {
        return (millis + "\n").getBytes(US_ASCII);
    }

    private void ask(long millis) throws IOException {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.getOutputStream().write(line(millis));
            InputStream input = socket.getInputStream();
            for (int octet = input.read(); octet != '\n'; octet = input.read()) {
                require(octet >= 0);
            }
        }
    }

    private void askOver(Engine loop, long millis) throws IOException {
        try (Connection connection = loop.connect(server, CONNECT)) {
            connection.writer().write(line(millis));
            require(connection.reader().readLine(LineFormat.MAX_BYTES).isPresent());
        }
    }

    private void askInNativeCode(long millis) throws IOException {
        try (Sockets sockets = new Sockets(server.getPort());
                Arena arena = Arena.ofConfined()) {
            sockets.connect();
            byte[] line = line(millis);
            MemorySegment bytes = arena.allocate(line.length).copyFrom(MemorySegment.ofArray(line));
            sockets.send(0, bytes.address(), line.length);
            require(sockets.awaitInNativeCode(0) > 0);
        }
    }

    private static void require(boolean isAnswered) throws IOException {
        if (!isAnswered) {
            throw new IOException("expected a line from the server but it has closed the connection");
        }
    }
}
