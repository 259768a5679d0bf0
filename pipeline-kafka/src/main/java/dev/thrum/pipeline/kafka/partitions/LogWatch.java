package dev.thrum.pipeline.kafka.partitions;

import dev.thrum.pipeline.kafka.KafkaAddress;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** Looks at a log without being a member of it. Used by one thread at a time. */
public final class LogWatch implements AutoCloseable {
    private final LogTopics topics;
    private final NoticeBoard board;
    private final int count;

    private LogWatch(LogTopics topics, NoticeBoard board, int count) {
        this.topics = topics;
        this.board = board;
        this.count = count;
    }

    /**
     * Looks at a log that is there.
     *
     * @throws IOException if no broker answers, or it has no such log
     */
    public static LogWatch open(KafkaAddress address) throws IOException, InterruptedException {
        address.requireBroker(LogSettings.PATIENCE);
        LogSettings settings = new LogSettings(address);
        String name = address.name();
        LogTopics topics = new LogTopics(Admin.create(settings.admin()), address.servers(), name, LogSettings.PATIENCE);
        boolean isOpen = false;
        try {
            Optional<Integer> count = topics.find();
            if (count.isEmpty()) {
                throw new IOException("expected a log " + name + " at " + address.servers()
                        + " but there is none: is the name right, and was it begun?");
            }
            LogWatch watch =
                    new LogWatch(topics, new NoticeBoard(topics, settings, name, new BrokerTime()), count.get());
            isOpen = true;
            return watch;
        } finally {
            if (!isOpen) {
                topics.close();
            }
        }
    }

    /** What members have told each other up to now: the latest text for each key. */
    public Map<String, String> notices() throws IOException, InterruptedException {
        try {
            board.refreshAll();
        } catch (KafkaException e) {
            throw topics.failure(e);
        }
        return board.notices();
    }

    /** The end of each partition, as {@link dev.thrum.pipeline.partitions.Partitions#ends}. */
    public long[] ends() throws IOException, InterruptedException {
        return topics.ends(count);
    }

    @Override
    public void close() {
        board.close();
        topics.close();
    }
}
