package dev.thrum.pipeline.kafka;

import dev.thrum.base.Folders;
import dev.thrum.cluster.LocalBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The broker of all tests of this module: it is started before the first, and stopped after the last. */
final class SharedBroker implements BeforeAllCallback {
    private static final AtomicInteger NAMES = new AtomicInteger();

    /** What is stopped after all tests. */
    private record Started(LocalBroker broker, Path folder) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            broker.close();
            Folders.delete(folder);
        }
    }

    /** Written once, before the first test. */
    private static volatile @Nullable LocalBroker broker;

    @Override
    public void beforeAll(ExtensionContext context) {
        var _ = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedBroker.class))
                .computeIfAbsent(Started.class, _ -> {
                    try {
                        Path folder = Files.createTempDirectory("thrum-broker");
                        Started started = new Started(LocalBroker.start(folder), folder);
                        broker = started.broker();
                        return started;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    static LocalBroker broker() {
        return Objects.requireNonNull(broker);
    }

    /** The address of queues that nobody else uses. */
    static KafkaAddress freshAddress() {
        return KafkaAddress.parse("kafka://" + broker().address() + "/test-" + NAMES.incrementAndGet());
    }

    /** Few partitions, and sessions and locks that are soon over. */
    static KafkaOptions options() {
        return KafkaOptions.standard()
                .partitions(3)
                .session(Duration.ofSeconds(3))
                .lock(Duration.ofSeconds(3));
    }
}
