package dev.thrum.app.crawl;

import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.Flags;
import dev.thrum.crawl.crawler.Crawl;
import dev.thrum.crawl.crawler.CrawlFolderException;
import dev.thrum.crawl.crawler.CrawlListener;
import dev.thrum.crawl.crawler.CrawlOptions;
import dev.thrum.crawl.crawler.SeedRefusedException;
import dev.thrum.pipeline.kafka.KafkaAddress;
import dev.thrum.pipeline.kafka.partitions.KafkaPartitions;
import dev.thrum.pipeline.kafka.partitions.LogWatch;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The flags of a crawl that several processes share. */
final class SharedFlags {
    private final Flag<@Nullable KafkaAddress> queue;
    private final Flag<@Nullable String> properties;

    SharedFlags(Flags group) {
        queue = group.optional(
                "--queue",
                "kafka://HOST:PORT/NAME",
                KafkaAddress::parse,
                "Crawl together with all processes that are given the same broker and name");
        properties = group.text(
                "--kafka-properties",
                "FILE",
                "Settings of Kafka's clients, as for TLS and authentication, in its own form");
    }

    boolean isGiven() {
        return queue.value() != null;
    }

    /** Whether there are settings, and no broker that they are for. */
    boolean lacksQueue() {
        return queue.value() == null && properties.value() != null;
    }

    /** The broker and the name of the crawl. */
    private KafkaAddress address() throws IOException {
        KafkaAddress address = queue.value();
        String file = properties.value();
        if (address == null) {
            throw new IllegalStateException("expected --queue");
        }
        return file == null ? address : address.with(Path.of(file));
    }

    /** The crawl as it is seen from outside. */
    LogWatch watch() throws IOException, InterruptedException {
        return LogWatch.open(address());
    }

    Crawl join(Path into, CrawlOptions options, Crawl.Surroundings around, CrawlListener listener)
            throws IOException, CrawlFolderException, SeedRefusedException, InterruptedException {
        KafkaPartitions log = KafkaPartitions.open(address());
        boolean hasJoined = false;
        try {
            Crawl crawl = Crawl.join(into, options, around, listener, log);
            hasJoined = true;
            return crawl;
        } finally {
            if (!hasJoined) {
                log.close();
            }
        }
    }
}
