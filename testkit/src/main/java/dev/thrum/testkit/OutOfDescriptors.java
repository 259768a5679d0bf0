package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * A program whose server runs out of file descriptors and recovers; it prints what it logged. It runs in a separate JVM
 * with few descriptors ({@code ulimit -n 80}).
 */
public final class OutOfDescriptors {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST = 1_000;

    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final Engine engine;
    private final Server server;

    private OutOfDescriptors(Engine engine) throws IOException {
        this.engine = engine;
        // Without the default handlers: they would load classes when no file can be opened.
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.addHandler(new Collector());
        server = engine.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Scene::echoLines, Limits.defaults());
    }

    /** Collects messages, without stack traces. */
    private final class Collector extends Handler {
        private final Formatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord entry) {
            Throwable thrown = entry.getThrown();
            logged.add(entry.getLevel() + " " + formatter.formatMessage(entry) + (thrown == null ? "" : ": " + thrown));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** Runs the program, and ends the JVM. */
    public static void play(Engine engine) throws IOException, InterruptedException {
        OutOfDescriptors program = new OutOfDescriptors(engine);
        // The first client makes the JVM load all classes that it needs later.
        program.serveOne();
        program.runOut();
        program.serveOne();
        program.pause(Duration.ofMillis(1_500));
        program.serveOne();
        program.engine.close();
        program.logged.forEach(System.out::println);
        System.out.println("end");
        System.exit(0);
    }

    private void serveOne() throws IOException, InterruptedException {
        try (Connection client = connect()) {
            Scene.say(client, "hello\n");
            System.out.println("served " + Scene.line(client));
            // Long enough for the engine to check its deadlines meanwhile.
            pause(Duration.ofMillis(400));
        }
    }

    /**
     * Connects as soon as there is a descriptor: the server may be accepting connections whose clients have gone, and closes
     * them one after the other.
     */
    private Connection connect() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return engine.connect(server.address(), PATIENCE);
            } catch (IOException e) {
                if (!String.valueOf(e.getMessage()).contains("Too many open files") || System.nanoTime() - end > 0) {
                    throw e;
                }
                pause(Duration.ofMillis(10));
            }
        }
    }

    /**
     * Connects until the server logs that it has no descriptors. A failed connect may only mean that something else held
     * the last descriptor for a moment, and that the server still has enough; so it tries again.
     */
    private void runOut() throws IOException, InterruptedException {
        List<SocketChannel> clients = new ArrayList<>();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (logged.isEmpty() && clients.size() < MOST && System.nanoTime() - end < 0) {
            try {
                clients.add(SocketChannel.open(server.address()));
            } catch (IOException e) {
                pause(Duration.ofMillis(10));
            }
        }
        if (logged.isEmpty()) {
            System.out.println("did not see a log entry with " + clients.size() + " clients");
        }
        // As long as several pauses of the server: after each it could log again.
        pause(Duration.ofMillis(700));
        for (SocketChannel client : clients) {
            client.close();
        }
    }

    private void pause(Duration duration) throws InterruptedException {
        engine.clock().sleep(duration);
    }

    /** Asserts that this is what such a program must print. */
    public static void verify(String output) {
        assertThat(output.lines())
                .filteredOn(line -> line.startsWith("served"))
                .as(output)
                .hasSize(3)
                .containsOnly("served hello");
        assertThat(output.lines())
                .filteredOn(line -> line.startsWith("WARNING"))
                .as(output)
                .singleElement()
                .asString()
                .contains("accepting on")
                .contains("pauses: Too many open files");
        assertThat(output.lines())
                .filteredOn(line -> line.startsWith("INFO"))
                .as(output)
                .singleElement()
                .asString()
                .contains("again");
        assertThat(output.lines())
                .filteredOn(line -> line.startsWith("SEVERE"))
                .as(output)
                .isEmpty();
        assertThat(output.lines()).last().isEqualTo("end");
    }
}
