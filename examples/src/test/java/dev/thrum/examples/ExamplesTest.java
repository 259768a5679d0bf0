package dev.thrum.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples as programs: a process of their own, clients of the JDK, and a signal in the end. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ExamplesTest {
    private static final Pattern LISTENS =
            Pattern.compile("the .* listens on \\S*/127\\.0\\.0\\.1:(\\d+), engine (\\w+)");
    private static final int PATIENCE_SECONDS = 60;

    @ParameterizedTest
    @ValueSource(strings = {"threads", "virtual", "events"})
    void keyValueStore_asAProgram_servesUntilItIsStopped(String engine) throws Exception {
        try (Program store = Program.start(KeyValueStore.class, engine, "0");
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), store.port)) {
            assertThat(store.engine).isEqualTo(engine);
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            socket.getOutputStream().write("SET colour dark blue\r\nGET colour\r\nQUIT\r\n".getBytes(UTF_8));
            assertThat(in.readAllLines()).containsExactly("OK", "VALUE dark blue", "BYE");
            store.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "virtual", "events"})
    void callbackChat_asAProgram_servesUntilItIsStopped(String engine) throws Exception {
        try (Program chat = Program.start(CallbackChat.class, engine, "0");
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), chat.port)) {
            assertThat(chat.engine).isEqualTo(engine);
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            socket.getOutputStream().write("join lobby\r\nHello\r\nquit\r\n".getBytes(UTF_8));
            assertThat(in.readAllLines())
                    .containsExactly(
                            "Welcome! You are guest-1.", "You joined lobby (1 here).", "guest-1: Hello", "Goodbye!");
            chat.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "virtual", "events"})
    void proxyInFrontOfTheJsonService_asPrograms_passUploadsAndStreams(String engine) throws Exception {
        try (Program service = Program.start(JsonService.class, engine, "0");
                Program proxy = Program.start(ReverseProxy.class, "http://localhost:" + service.port, engine, "0");
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(proxy.engine).isEqualTo(engine);
            URI uri = URI.create("http://localhost:" + proxy.port + "/");
            HttpRequest upload = HttpRequest.newBuilder(uri.resolve("/uploads"))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[1_000_000]))
                    .build();
            var uploaded = client.send(upload, BodyHandlers.ofString());
            assertThat(uploaded.statusCode()).isEqualTo(201);
            assertThat(uploaded.body())
                    .contains(
                            "\"bytes\":1000000",
                            "\"d29751f2649b32ff572b5e0a9f541ea660a50f94ff0beedfb0b692b924cc8025\"");
            HttpRequest ticks =
                    HttpRequest.newBuilder(uri.resolve("/ticks?count=1")).build();
            assertThat(client.send(ticks, BodyHandlers.ofLines()).body()).hasSize(1);
            proxy.stop();
            service.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {KeyValueStore.class, JsonService.class, CallbackChat.class})
    void engine_thatDoesNotExist_isAnErrorThatNamesThem(Class<?> program) throws Exception {
        Process process = Program.process(program, "evnets");
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readAllLines())
                    .anyMatch(line -> line.endsWith("expected the engine threads, virtual or events but was evnets"));
        }
        assertThat(process.waitFor()).isEqualTo(1);
    }

    /** A process that runs an example. */
    private static final class Program implements AutoCloseable {
        final int port;
        final String engine;
        private final Process process;
        private final BufferedReader out;

        private Program(Process process) throws IOException {
            this.process = process;
            this.out = process.inputReader();
            Matcher listens = awaitListening(process, out);
            this.port = Integer.parseInt(listens.group(1));
            this.engine = listens.group(2);
        }

        static Program start(Class<?> example, String... arguments) throws IOException {
            return new Program(process(example, arguments));
        }

        static Process process(Class<?> example, String... arguments) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-Dthrum.debug=true",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    System.getProperty("java.class.path"),
                    example.getName()));
            command.addAll(List.of(arguments));
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        }

        /** Ends it as Ctrl-C does, but with a signal that no parent of these tests ignores. */
        void stop() throws Exception {
            process.toHandle().destroy(); // Process.destroy would close its output, too.
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(out.readAllLines()).last().isEqualTo("stopped");
        }

        /** The line that says where it listens; a library may have logged something before. */
        private static Matcher awaitListening(Process process, BufferedReader out) throws IOException {
            List<String> lines = new ArrayList<>();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                Matcher listens = LISTENS.matcher(line);
                if (listens.matches()) {
                    return listens;
                }
                lines.add(line);
            }
            process.destroyForcibly();
            throw new AssertionError("expected a line that matches " + LISTENS + " but there were " + lines);
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            out.close();
        }
    }
}
