package dev.thrum.bench;

import dev.thrum.bench.load.Generator;
import dev.thrum.bench.peers.Contender;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts the processes of the measurements beside peers.
 *
 * @param protocol what the servers speak
 * @param thrum the launcher, beside which the flags of every JVM lie
 * @param pinning where they run
 */
record Processes(Protocol protocol, Path thrum, Pinning pinning) {
    private static final Duration START = Duration.ofSeconds(60);

    /** The doors that engine {@code events} and Netty go through; and Netty without its search for leaks. */
    private static final List<String> DOORS = List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dio.netty.leakDetection.level=disabled");

    /**
     * What memory is measured with: a small young generation, and an old one that is given back down to what lives, so
     * that neither size nor history of the heap is mistaken for what a connection needs.
     */
    private static final List<String> FRUGAL = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-Xms16m",
            "-Xmn8m",
            "-Xmx2g",
            "-XX:MinHeapFreeRatio=1",
            "-XX:MaxHeapFreeRatio=5",
            "-XX:-ShrinkHeapInSteps");

    /** A server that is running, and its port. */
    record Serving(Contender contender, Child process, int port) {}

    Child generator() throws IOException {
        return Child.start("the generator", pinning.generator(), fast(), List.of(Generator.class.getName()));
    }

    /** A JVM with the flags of the servers, wherever the system puts it. */
    Child free(Class<?> main, String... arguments) throws IOException {
        return child(List.of(), main, arguments);
    }

    /** A JVM with the flags of the servers, where the generator is. */
    Child aside(Class<?> main, String... arguments) throws IOException {
        return child(pinning.generator(), main, arguments);
    }

    /** A JVM with the flags of the servers, where they are. */
    Child server(Class<?> main, String... arguments) throws IOException {
        return child(pinning.server(), main, arguments);
    }

    private Child child(List<String> prefix, Class<?> main, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(main.getName()));
        words.addAll(List.of(arguments));
        return Child.start(main.getSimpleName(), prefix, fast(), words);
    }

    /** The launcher where servers are. */
    List<String> launcher() {
        List<String> words = new ArrayList<>(pinning.server());
        words.add(thrum.toString());
        return words;
    }

    /** A server for speed, or nothing if it can't run here, which is told. */
    Optional<Serving> fast(Contender contender, int connections) throws IOException, InterruptedException {
        return server(contender, connections, fast());
    }

    /** A server for its memory, or nothing if it can't run here, which is told. */
    Optional<Serving> frugal(Contender contender, int connections) throws IOException, InterruptedException {
        return server(contender, connections, with(FRUGAL));
    }

    /** The flags of the JVMs that are measured for speed, as they are told beside the tables. */
    static String fastFlags() {
        return "app/src/main/dist/jvm.options -Xms256m -Xmx256m " + String.join(" ", DOORS);
    }

    static String frugalFlags() {
        return String.join(" ", with(FRUGAL));
    }

    private static Optional<Serving> ready(Contender contender, Child child) throws IOException, InterruptedException {
        String answer = child.answer(START);
        if (answer.startsWith("ready ")) {
            return Optional.of(new Serving(contender, child, Integer.parseInt(answer.substring("ready ".length()))));
        }
        child.close();
        System.err.println("left out: " + contender.name() + ": " + answer);
        return Optional.empty();
    }

    private Optional<Serving> server(Contender contender, int connections, List<String> flags)
            throws IOException, InterruptedException {
        List<String> main = List.of(
                ContenderProcess.class.getName(), protocol.word(), contender.name(), Integer.toString(connections));
        Child child = Child.start(contender.name(), pinning.server(), flags, main);
        try {
            return ready(contender, child);
        } catch (IOException | InterruptedException | RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private List<String> fast() {
        Path options = thrum.resolveSibling("app").resolve("src/main/dist/jvm.options");
        return with(List.of("@" + options, "-Xms256m", "-Xmx256m"));
    }

    private static List<String> with(List<String> flags) {
        List<String> all = new ArrayList<>(flags);
        all.addAll(DOORS);
        return all;
    }
}
