package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.services.CTime;
import dev.thrum.services.Console;
import dev.thrum.services.Echo;
import dev.thrum.services.Greeter;
import dev.thrum.simulation.Scenario;
import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.Simulation.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Clients of the console, echo and greeter services, all at once. Each compares the replies with the protocol, byte for
 * byte.
 *
 * <p>If the network may lose connections, a client may receive only a beginning of that, and the server must go on.
 */
class ServicesScenario implements Scenario {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int CLIENTS = 3;

    private final boolean lossy;

    ServicesScenario() {
        this(false);
    }

    private ServicesScenario(boolean lossy) {
        this.lossy = lossy;
    }

    /** The same on a network that resets and half-closes connections. */
    static final class Lossy implements Scenario {
        @Override
        public void run(Simulation world) throws Exception {
            new ServicesScenario(true).run(world);
        }
    }

    @Override
    public void run(Simulation world) throws Exception {
        List<String> greeted = new ArrayList<>();
        Server console = listen(world, new Console(ZoneOffset.UTC).handler());
        Server echo = listen(world, Echo.handler());
        Server greeter = listen(world, Greeter.handler(greeted::add, greeted::add));
        List<Task<Boolean>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(world.fork("console-client", () -> tolerateLoss(() -> talkToConsole(world, console))));
            clients.add(world.fork("echo-client", () -> tolerateLoss(() -> talkToEcho(world, echo))));
        }
        clients.add(world.fork("greeter-client", () -> tolerateLoss(() -> talkToGreeter(world, greeter, greeted))));
        for (Task<Boolean> client : clients) {
            client.join();
        }
        assertStillServes(world, echo);
        assertThat(world.engine().shutdown(Duration.ofMinutes(30)))
                .as("whether all conversations ended by themselves")
                .isTrue();
        assertThat(world.engine().connections()).isEmpty();
    }

    private static Server listen(Simulation world, ConnectionHandler handler) throws IOException {
        return world.engine().listen(ANY, handler, Limits.defaults());
    }

    private interface Talk {
        void run() throws Exception;
    }

    /** Runs a client; on a lossy network, a lost connection is not a failure. */
    private boolean tolerateLoss(Talk talk) throws Exception {
        try {
            talk.run();
        } catch (IOException e) {
            if (!lossy) {
                throw e;
            }
        }
        return true;
    }

    private void talkToConsole(Simulation world, Server server) throws IOException {
        try (Connection connection = world.engine().connect(server.address(), PATIENCE)) {
            Received received = new Received(connection, lossy);
            received.readLineMatching("Welcome! You are client number [1-" + CLIENTS + "]\n");
            for (int i = world.random().nextInt(6); i >= 0; i--) {
                switch (world.random().nextInt(4)) {
                    case 0 -> {
                        long before = world.clock().instant().getEpochSecond();
                        received.send("  TIME \r\n");
                        received.readTime(before, () -> world.clock().instant().getEpochSecond());
                    }
                    case 1 -> {
                        received.send("\n \r\ncount\n");
                        received.readLineMatching("Current client count: [1-" + CLIENTS + "]\n");
                    }
                    default -> {
                        String line = randomText(world.random());
                        received.send(line + "\n");
                        received.readExactly("Echo: " + line + "\n");
                    }
                }
            }
            received.send("Quit\nnever answered\n");
            received.readExactly("Goodbye!\n");
            received.readEnd();
        }
    }

    private void talkToEcho(Simulation world, Server server) throws IOException {
        StringBuilder sent = new StringBuilder();
        StringBuilder expected = new StringBuilder("Welcome to the Thrum echo server!\r\n");
        for (int i = world.random().nextInt(5); i >= 0; i--) {
            String line = randomText(world.random());
            sent.append(line).append(world.random().nextBoolean() ? "\n" : "\r\n");
            expected.append("Echo: ").append(line).append("\r\n");
        }
        sent.append("quit\r\n");
        expected.append("Echo: quit\r\n");
        try (Connection connection = world.engine().connect(server.address(), PATIENCE)) {
            Received received = new Received(connection, lossy);
            received.send(sent.toString());
            received.readExactly(expected.toString());
            received.readEnd();
        }
    }

    /** The network may split a message, but all messages logged together are the bytes sent, in upper case. */
    private void talkToGreeter(Simulation world, Server server, List<String> greeted) throws IOException {
        StringBuilder sent = new StringBuilder();
        try (Connection connection = world.engine().connect(server.address(), PATIENCE)) {
            for (String name : List.of("Zack", "Zoë", "日本語", "𝄞")) {
                sent.append(name);
                send(connection, name);
                int reply = connection.reader().read();
                if (reply < 0) {
                    throw new IOException("the stream ended where a reply was expected");
                }
                assertThat(reply).isEqualTo('-');
            }
            send(connection, "--quit--");
            sent.append("--quit--");
            connection.shutdownOutput();
            int reply = connection.reader().read();
            while (reply >= 0) {
                assertThat(reply).isEqualTo('-');
                reply = connection.reader().read();
            }
        }
        String logged = String.join("", greeted).replace("Hello ", "");
        String upper = sent.toString().toUpperCase(Locale.ROOT);
        if (lossy) {
            assertThat(upper).startsWith(logged.replace("\uFFFD", ""));
        } else {
            assertThat(logged).isEqualTo(upper);
        }
    }

    /** After lost connections, the next one that survives is served. */
    private void assertStillServes(Simulation world, Server echo) throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            try (Connection connection = world.engine().connect(echo.address(), PATIENCE)) {
                Received received = new Received(connection, lossy);
                received.send("still there?\r\nquit\r\n");
                received.readExactly("Welcome to the Thrum echo server!\r\nEcho: still there?\r\nEcho: quit\r\n");
                received.readEnd();
                return;
            } catch (IOException e) {
                assertThat(lossy)
                        .as("whether the network is lossy, when a connection was lost")
                        .isTrue();
            }
        }
        throw new AssertionError("expected one of 100 connections to survive the faults");
    }

    private static void send(Connection connection, String text) throws IOException {
        connection.writer().write(text);
        connection.writer().flush();
    }

    private static String randomText(RandomGenerator random) {
        String alphabet = "abcXYZ 0123,;-\täöüß€😀";
        int[] symbols = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder("x");
        for (int i = random.nextInt(30); i > 0; i--) {
            text.appendCodePoint(symbols[random.nextInt(symbols.length)]);
        }
        return text.append('.').toString();
    }

    /** Compares the input of a client as it arrives. An end before everything expected has arrived is a lost connection. */
    private static final class Received {
        private final Connection connection;
        private final boolean lossy;
        private final StringBuilder sent = new StringBuilder();

        Received(Connection connection, boolean lossy) {
            this.connection = connection;
            this.lossy = lossy;
        }

        void send(String text) throws IOException {
            sent.append(text);
            ServicesScenario.send(connection, text);
        }

        void readExactly(String expected) throws IOException {
            for (String line : expected.splitWithDelimiters("\n", 0)) {
                if (line.isEmpty() || line.equals("\n")) {
                    continue;
                }
                String got = line();
                if (!got.equals(line + "\n")) {
                    assertIsReplyToATruncatedLine(got, line);
                }
            }
        }

        /** If the network ends a stream within a line, the server replies to the incomplete line as the last one. */
        private void assertIsReplyToATruncatedLine(String got, String expected) throws IOException {
            assertThat(lossy)
                    .as("expected \"%s\" but got \"%s\"", expected, got)
                    .isTrue();
            String echoed = got.replaceFirst("^Echo: ", "").replaceFirst("\uFFFD?\r?\n$", "");
            assertThat(sent.toString())
                    .as("the text sent before \"%s\" arrived", got)
                    .contains(echoed);
            readEnd();
            throw new IOException("the stream to the server was cut within a line");
        }

        void readLineMatching(String pattern) throws IOException {
            String got = line();
            if (!got.matches(pattern)) {
                assertIsReplyToATruncatedLine(got, pattern);
            }
        }

        void readTime(long before, java.util.function.LongSupplier now) throws IOException {
            String got = line();
            long after = now.getAsLong();
            List<String> possible = new ArrayList<>();
            CTime time = new CTime(ZoneOffset.UTC);
            for (long second = before; second <= after; second++) {
                possible.add("Current time: " + time.format(java.time.Instant.ofEpochSecond(second)) + "\n");
            }
            if (!possible.contains(got)) {
                assertIsReplyToATruncatedLine(got, possible.toString());
            }
        }

        void readEnd() throws IOException {
            assertThat(connection.reader().read()).as("the end of the stream").isEqualTo(-1);
        }

        /** The next line with its terminator. */
        private String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            while (true) {
                int octet = connection.reader().read();
                if (octet < 0) {
                    throw new IOException("the stream ended within a line");
                }
                line.write(octet);
                if (octet == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
            }
        }
    }
}
