package dev.thrum.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker inside this JVM: one node that is broker and controller (KRaft), on the loopback address. It starts in
 * about 4 s. For learning and tests only: one copy of everything, no encryption, no users.
 *
 * <p>It keeps its port and its data while it is stopped, so clients find it again after {@link #restart}. Its sessions
 * and locks may be as short as {@link #SESSION}; Kafka's own limits are 45 s and 15 s.
 *
 * <p>All methods may be called by any thread, one after the other: each takes the lock of the object.
 */
public final class LocalBroker implements AutoCloseable {
    /** The session of consumers, and the lock of items of share groups, unless a group asks for another. */
    public static final Duration SESSION = Duration.ofSeconds(6);

    private static final String LOOPBACK = "127.0.0.1";

    private final Path folder;
    private final int port;
    private final Map<String, String> settings;

    /** Guarded by this. */
    private @Nullable KafkaRaftServer server;

    private LocalBroker(Path folder, int port, Map<String, String> settings) {
        this.folder = folder;
        this.port = port;
        this.settings = settings;
    }

    /**
     * Starts a broker on a free port.
     *
     * @param folder where it keeps its data; an empty folder, or that of an earlier broker
     */
    public static LocalBroker start(Path folder) throws IOException {
        return start(folder, Map.of());
    }

    /**
     * Starts a broker on a free port, with settings that replace those of this class.
     *
     * @param folder where it keeps its data; an empty folder, or that of an earlier broker
     */
    public static LocalBroker start(Path folder, Map<String, String> settings) throws IOException {
        LocalBroker broker = new LocalBroker(Files.createDirectories(folder), freePort(), Map.copyOf(settings));
        broker.startAgain();
        return broker;
    }

    /** The address for clients, {@code 127.0.0.1:PORT}. */
    public String address() {
        return LOOPBACK + ":" + port;
    }

    /** Stops the broker; it keeps its data and its port. No effect if it is stopped. */
    public synchronized void stop() {
        KafkaRaftServer running = server;
        if (running != null) {
            server = null;
            running.shutdown();
            running.awaitShutdown();
        }
    }

    /** Starts the broker again where {@link #stop} left it. No effect if it runs. */
    public synchronized void startAgain() throws IOException {
        if (server != null) {
            return;
        }
        KafkaConfig config = KafkaConfig.fromProps(properties(freePort()), false);
        format();
        KafkaRaftServer next = new KafkaRaftServer(config, Time.SYSTEM);
        next.startup();
        server = next;
    }

    /** Stops the broker and starts it again. */
    public void restart() throws IOException {
        stop();
        startAgain();
    }

    @Override
    public void close() {
        stop();
    }

    private Properties properties(int controller) {
        String session = Long.toString(SESSION.toMillis());
        Map<String, String> all = new HashMap<>(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@" + LOOPBACK + ":" + controller),
                Map.entry("listeners", "PLAINTEXT://" + address() + ",CONTROLLER://" + LOOPBACK + ":" + controller),
                Map.entry("advertised.listeners", "PLAINTEXT://" + address()),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("inter.broker.listener.name", "PLAINTEXT"),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("log.dirs", folder.toString()),
                Map.entry("auto.create.topics.enable", "false"),
                // One copy of everything, and few partitions of the broker's own topics: each costs files and memory.
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                Map.entry("log.cleaner.dedupe.buffer.size", "4194304"),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "4")));
        all.putAll(Map.ofEntries(
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("group.consumer.min.session.timeout.ms", "1000"),
                Map.entry("group.consumer.session.timeout.ms", session),
                Map.entry("group.consumer.min.heartbeat.interval.ms", "200"),
                Map.entry("group.consumer.heartbeat.interval.ms", "500"),
                Map.entry("group.share.min.session.timeout.ms", "1000"),
                Map.entry("group.share.session.timeout.ms", session),
                Map.entry("group.share.min.heartbeat.interval.ms", "200"),
                Map.entry("group.share.heartbeat.interval.ms", "500"),
                Map.entry("group.share.min.record.lock.duration.ms", "1000"),
                Map.entry("group.share.record.lock.duration.ms", session)));
        all.putAll(settings);
        Properties properties = new Properties();
        properties.putAll(all);
        return properties;
    }

    /** Prepares an empty folder; leaves the data of an earlier broker alone. */
    private void format() throws IOException {
        if (Files.exists(folder.resolve("meta.properties"))) {
            return;
        }
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try {
            new Formatter()
                    .setPrintStream(nowhere)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(1)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(folder.toString())
                    .addDirectory(folder.toString())
                    .run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the folder " + folder + " can't be prepared for a broker", e);
        }
    }

    /** A port that was free a moment ago. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(LOOPBACK))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
