package dev.thrum.bench.load;

import dev.thrum.engine.Engine;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.HttpClient;
import dev.thrum.http.client.HttpClientConfig;
import dev.thrum.measure.CpuClock;
import dev.thrum.measure.Window;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;

/**
 * The main class of the process whose HTTP client is measured: Thrum's on an engine, or the JDK's.
 *
 * <p>It has one of the commands of {@link Generator}, {@code run EXCHANGE PORT CONNECTIONS LEAD WINDOW PID}, and answers it
 * with a {@link Window}. Each of its workers asks for {@link Greeting#TEXT} on a virtual thread; so there are as many kept
 * connections as workers.
 */
public final class ClientProcess {
    /** The name of the JDK's client; others are those of Thrum's engines. */
    public static final String JDK = "jdk";

    public static final String EVENTS = "events";
    public static final String VIRTUAL = "virtual";

    private final CpuClock own = new CpuClock(ProcessHandle.current().pid());
    private final Client client;

    /** A client of HTTP, and the threads that it is called on. */
    private interface Client {
        /** Asks for the text at this address, and returns it; throws if the status isn't 200. */
        byte[] ask(URI address) throws IOException, InterruptedException;

        void start(Runnable worker);
    }

    ClientProcess(String name) {
        client = client(name);
    }

    /** Argument: the name of the client. */
    public static void main(String[] arguments) throws IOException {
        Commands.serve(new ClientProcess(arguments[0])::run);
    }

    private static Client client(String name) {
        return switch (name) {
            case EVENTS ->
                new Thrum(EventEngine.open(EventOptions.defaults()
                        .withTransport(TransportKind.EPOLL)
                        .withLoops(1)));
            case VIRTUAL -> new Thrum(Engine.virtual());
            case JDK -> new Jdk();
            default ->
                throw new IllegalArgumentException(
                        "expected " + EVENTS + ", " + VIRTUAL + " or " + JDK + " but was " + name);
        };
    }

    String run(String[] command) throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + command[2] + Greeting.TEXT_PATH);
        byte[] expected = Greeting.text();
        int workers = Integer.parseInt(command[3]);
        ClosedLoop loop = new ClosedLoop(workers);
        for (int i = 0; i < workers; i++) {
            client.start(() -> loop.work(() -> check(client.ask(address), expected)));
        }
        try {
            Window window = loop.measure(command, own);
            loop.end();
            return window.toString();
        } finally {
            loop.stop();
        }
    }

    private static void check(byte[] body, byte[] expected) throws IOException {
        if (!Arrays.equals(body, expected)) {
            throw new IOException("expected a body of " + expected.length
                    + " bytes that is the text but was another of " + body.length);
        }
    }

    private static IOException refused(int status) {
        return new IOException("expected a response with status 200 but it was " + status);
    }

    /** Thrum's client, with the defaults. */
    private static final class Thrum implements Client {
        private final Engine engine;
        private final HttpClient http;

        Thrum(Engine engine) {
            this.engine = engine;
            http = HttpClient.over(engine, HttpClientConfig.defaults());
        }

        @Override
        public byte[] ask(URI address) throws IOException {
            try (ClientResponse response = http.send(ClientRequest.get(address))) {
                if (response.status() != 200) {
                    throw refused(response.status());
                }
                return response.bytes();
            }
        }

        @Override
        public void start(Runnable worker) {
            var _ = engine.schedule(Duration.ZERO, worker);
        }
    }

    /** The JDK's client, with its own executor. */
    private static final class Jdk implements Client {
        private final java.net.http.HttpClient http =
                java.net.http.HttpClient.newBuilder().version(Version.HTTP_1_1).build();

        @Override
        public byte[] ask(URI address) throws IOException, InterruptedException {
            HttpResponse<byte[]> response =
                    http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw refused(response.statusCode());
            }
            return response.body();
        }

        @Override
        public void start(Runnable worker) {
            var _ = Thread.startVirtualThread(worker);
        }
    }
}
