package dev.thrum.bench;

import dev.thrum.bench.load.Generator;
import dev.thrum.bench.load.TlsGenerator;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.peers.Contender;
import dev.thrum.bench.peers.TlsContenders;
import dev.thrum.measure.Child;
import dev.thrum.measure.Pinning;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts the processes of the measurements that compare with peers.
 *
 * @param protocol the protocol of the servers
 * @param thrum the launcher; the flags of every JVM are in a file of the same checkout
 * @param pinning the cores they run on
 * @param flags further flags of every JVM
 */
record Processes(Protocol protocol, Path thrum, Pinning pinning, List<String> flags) {
    private static final Duration START = Duration.ofSeconds(60);

    /** The heap in measurements of speed, and in those that some peers need more for. */
    private static final List<String> USUAL = List.of("-Xms256m", "-Xmx256m");

    private static final List<String> ROOMY = List.of("-Xms1g", "-Xmx1g");

    /**
     * Flags for measurements of memory: a small young generation, and an old generation that shrinks to the live
     * objects, so that neither the size nor the history of the heap is mistaken for the memory of a connection.
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

    /** Processes without further flags. */
    Processes(Protocol protocol, Path thrum, Pinning pinning) {
        this(protocol, thrum, pinning, List.of());
    }

    /** The generator for this server. */
    Child generator(Contender contender) throws IOException {
        return protocol == Protocol.TLS
                ? onGeneratorCore(TlsGenerator.class, TlsContenders.scheme(contender))
                : generator();
    }

    Child generator() throws IOException {
        return Child.start("the generator", pinning.generator(), fast(), List.of(Generator.class.getName()));
    }

    /** A JVM with the flags of the servers, not pinned to a core. */
    Child unpinned(Class<?> main, String... arguments) throws IOException {
        return child(List.of(), main, arguments);
    }

    /** A JVM with the flags of the servers, on the generator's core. */
    Child onGeneratorCore(Class<?> main, String... arguments) throws IOException {
        return child(pinning.generator(), main, arguments);
    }

    /** A JVM with the flags of the servers, on their core. */
    Child server(Class<?> main, String... arguments) throws IOException {
        return child(pinning.server(), main, arguments);
    }

    private Child child(List<String> prefix, Class<?> main, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(main.getName()));
        words.addAll(List.of(arguments));
        return Child.start(main.getSimpleName(), prefix, withOwn(fast()), words);
    }

    /** The command of the launcher, on the servers' core. */
    List<String> launcher() {
        List<String> words = new ArrayList<>(pinning.server());
        words.add(thrum.toString());
        return words;
    }

    /** A server with the flags for speed, or nothing (with a message) if it can't run here. */
    Optional<Serving> fast(Contender contender, int connections) throws IOException, InterruptedException {
        return server(contender, connections, fast());
    }

    /**
     * A server with the flags for speed and more heap, or nothing (with a message) if it can't run here: with 256 MB Jetty
     * no longer answered after 5,000 connections had ended.
     */
    Optional<Serving> roomy(Contender contender, int connections) throws IOException, InterruptedException {
        return server(contender, connections, fast(ROOMY));
    }

    /** A server with the flags for memory, or nothing (with a message) if it can't run here. */
    Optional<Serving> frugal(Contender contender, int connections) throws IOException, InterruptedException {
        return server(contender, connections, with(FRUGAL));
    }

    /** The flags of the JVMs that are measured for speed, for the text above the tables. */
    static String fastFlags() {
        return fastFlags(USUAL);
    }

    /** The same, of the JVMs with more heap. */
    static String roomyFlags() {
        return fastFlags(ROOMY);
    }

    private static String fastFlags(List<String> heap) {
        return "app/src/main/dist/jvm.options " + String.join(" ", with(heap));
    }

    static String frugalFlags() {
        return String.join(" ", with(FRUGAL));
    }

    /** The port of a server that has just been started, and is not a contender that may be left out. */
    static int port(Child server) throws IOException, InterruptedException {
        return port(server.answer(START));
    }

    /** The port in {@code ready PORT}, which may be followed by more. */
    private static int port(String answer) {
        return Integer.parseInt(answer.split(" ", -1)[1]);
    }

    private static Optional<Serving> ready(Contender contender, Child child) throws IOException, InterruptedException {
        String answer = child.answer(START);
        if (answer.startsWith("ready ")) {
            return Optional.of(new Serving(contender, child, port(answer)));
        }
        child.close();
        System.err.println("left out: " + contender.name() + ": " + answer);
        return Optional.empty();
    }

    private Optional<Serving> server(Contender contender, int connections, List<String> jvm)
            throws IOException, InterruptedException {
        List<String> main = List.of(
                ContenderProcess.class.getName(), protocol.word(), contender.name(), Integer.toString(connections));
        Child child = Child.start(contender.name(), pinning.server(), withOwn(jvm), main);
        try {
            return ready(contender, child);
        } catch (IOException | InterruptedException | RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private List<String> withOwn(List<String> jvm) {
        List<String> all = new ArrayList<>(jvm);
        all.addAll(flags);
        return all;
    }

    private List<String> fast() {
        return fast(USUAL);
    }

    private List<String> fast(List<String> heap) {
        List<String> words = new ArrayList<>();
        words.add("@" + thrum.resolveSibling("app").resolve("src/main/dist/jvm.options"));
        words.addAll(heap);
        return with(words);
    }

    private static List<String> with(List<String> words) {
        List<String> all = new ArrayList<>(words);
        all.addAll(Child.ACCESS);
        return all;
    }
}
