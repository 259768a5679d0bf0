package dev.thrum.services.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.database.Database;
import dev.thrum.database.DatabaseConfig;
import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.services.ChatLog;
import dev.thrum.store.StoreSchema;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.Scene;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two servers of a chat that are restarted in turn, while 200 clients talk and connect again to whichever server is there. */
@Timeout(300)
@ExtendWith({ChatDatabase.Start.class, LeakCheck.class})
final class ChatRestartsTest {
    private static final int CLIENTS = 200;
    private static final int LINES = 4;
    private static final int RESTARTS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final SharedChat.Timing TIMING = SharedChat.Timing.defaults();

    private final ChatDatabase database = new ChatDatabase();

    /** The servers that take clients now. */
    private final CopyOnWriteArrayList<InetSocketAddress> servers = new CopyOnWriteArrayList<>();

    /** What was said, in the order of the log. Owned by the thread of the witness until it has ended. */
    private final List<String> all = new ArrayList<>();

    private final CountDownLatch ended = new CountDownLatch(1);

    /** Hears each line, because it applies the log as a server does. */
    private final class Witness implements ChatLog.Replica {
        @Override
        public void restore(String state) {
            assertThat(state).isEmpty();
        }

        @Override
        public void apply(long server, boolean own, String event) {
            int said = event.indexOf(" say ");
            if (said > 0) {
                all.add(event.substring(said + " say ".length()));
                if (all.getLast().equals("the end")) {
                    ended.countDown();
                }
            }
        }

        @Override
        public void gone(long server) {
            // It follows no clients.
        }

        @Override
        public String state() {
            throw new AssertionError("expected that a server which appends nothing saves no state");
        }

        @Override
        public void cutOff() {
            throw new AssertionError("expected that the witness stays");
        }
    }

    /** One client: what each of its connections has heard. */
    private final class Talker {
        private final int number;
        private final List<List<String>> heard = new ArrayList<>();
        private int said;
        private int tries;

        Talker(int number) {
            this.number = number;
        }

        List<List<String>> run(Engine engine) {
            while (said < LINES) {
                List<String> lines = new ArrayList<>();
                heard.add(lines);
                try (Connection connection = engine.connect(servers.get(++tries % servers.size()), PATIENCE)) {
                    Scene.say(connection, "join lobby\n");
                    talk(connection, lines);
                } catch (IOException e) {
                    // The server has stopped, or is full: another one is there.
                }
            }
            return heard;
        }

        private void talk(Connection connection, List<String> lines) throws IOException {
            while (said < LINES) {
                String text = "c" + number + "-" + said + "-" + ++tries + ".";
                Scene.say(connection, text + "\n");
                String line;
                do {
                    line = Scene.line(connection);
                    if (line.equals("<end>")) {
                        return;
                    }
                    int end = line.indexOf(": ");
                    if (end > 0 && !line.startsWith("!")) {
                        lines.add(line.substring(end + 2));
                    }
                } while (!line.endsWith(": " + text));
                said++;
            }
        }
    }

    @Test
    void clients_whileServersAreRestartedInTurn_hearEachLineOnce_inOneOrder() throws Exception {
        try (Database own = StoreSchema.open(DatabaseConfig.of(database.source()));
                Engine engine = Engine.virtual();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            SharedChat log = new SharedChat(own, TIMING);
            log.follow(new Witness());
            List<ChatNode> nodes = new ArrayList<>(List.of(started(), started()));
            List<Future<List<List<String>>>> talkers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Talker talker = new Talker(i);
                talkers.add(threads.submit(() -> talker.run(engine)));
            }
            for (int i = 0; i < RESTARTS; i++) {
                ChatNode next = nodes.removeFirst();
                servers.remove(next.address());
                next.stop();
                nodes.add(started());
            }
            List<List<String>> heard = new ArrayList<>();
            for (Future<List<List<String>>> talker : talkers) {
                heard.addAll(talker.get());
            }
            sayLast(engine);
            ended.await();
            log.close(PATIENCE);
            nodes.forEach(ChatNode::close);
            check(heard);
        }
    }

    private ChatNode started() throws IOException {
        ChatNode node = new ChatNode(database, TIMING);
        servers.add(node.address());
        return node;
    }

    private void sayLast(Engine engine) throws IOException {
        try (Connection connection = engine.connect(servers.getFirst(), PATIENCE)) {
            Scene.say(connection, "join lobby\nthe end\n");
            String line;
            do {
                line = Scene.line(connection);
                assertThat(line).isNotEqualTo("<end>");
            } while (!line.endsWith(": the end"));
        }
    }

    private void check(List<List<String>> heard) {
        assertThat(all).doesNotHaveDuplicates();
        for (int i = 0; i < CLIENTS; i++) {
            for (int j = 0; j < LINES; j++) {
                String own = "c" + i + "-" + j + "-";
                assertThat(all).anyMatch(line -> line.startsWith(own));
            }
        }
        for (List<String> lines : heard) {
            // The last line of a connection that was lost may have been cut.
            List<String> whole =
                    !lines.isEmpty() && !all.contains(lines.getLast()) ? lines.subList(0, lines.size() - 1) : lines;
            assertThat(Collections.indexOfSubList(all, whole))
                    .as("a client heard a part of what was said, without gaps: %s", whole)
                    .isNotNegative();
        }
    }
}
