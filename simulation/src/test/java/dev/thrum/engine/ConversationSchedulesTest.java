package dev.thrum.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.ConnectionInfo.Side;
import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Program;
import dev.thrum.simulation.explore.Search;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@link Server}, {@link Registry} and {@link Conversation} of a real engine, under all schedules with few preemptions. */
class ConversationSchedulesTest {
    private static final int PREEMPTIONS = Boolean.getBoolean("thrum.soak") ? 3 : 2;

    /** A worker runs two conversations, one after the other; the first is aborted at any moment. */
    static final class AbortAgainstNext implements Program {
        private final Engine engine = new Engine(new MemoryBackend());
        private final Conversations all = new Conversations(engine, Outbox.Bounds.defaults());
        private volatile boolean interrupted;
        private final Conversation first = conversation(1, _ -> {});
        private final Conversation second =
                conversation(2, _ -> interrupted = Thread.currentThread().isInterrupted());

        private Conversation conversation(long number, ConnectionHandler handler) {
            Connection connection =
                    new Connection(engine, new MemoryWire(), number, Side.SERVED, Limits.Deadlines.defaults());
            Conversation made = new Conversation(all, connection, handler);
            assertThat(engine.registry().enter(connection.peer(), Limits.defaults()))
                    .isEmpty();
            assertThat(all.add(made)).isTrue();
            return made;
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        first.run();
                        assertThat(Thread.currentThread().isInterrupted()).isFalse();
                        second.run();
                    },
                    first::abort);
        }

        @Override
        public void invariant() {
            assertThat(interrupted).isFalse();
            assertThat(all.size()).isZero();
            assertThat(engine.stats().serving()).isZero();
        }
    }

    /** Two clients come while the server drains: each is served or refused, and gives its place back. */
    static final class AdmissionAgainstShutdown implements Program {
        private final MemoryBackend backend = new MemoryBackend();
        private final Engine engine = new Engine(backend);
        private final List<MemoryWire> wires = List.of(new MemoryWire(), new MemoryWire());
        private final Server server;
        private volatile boolean clean;

        AdmissionAgainstShutdown() {
            try {
                server = engine.listen(
                        backend.address(), new Greeting(), Limits.defaults().withMaxConnections(1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static final class Greeting implements ConnectionHandler {
            @Override
            public void handle(Connection connection) throws IOException {
                connection.writer().write("s");
            }

            @Override
            public byte[] refusal(Refusal reason) {
                return new byte[] {'r'};
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> wires.forEach(backend::accept), () -> clean = server.shutdown(Duration.ofSeconds(1)));
        }

        @Override
        public void invariant() {
            assertThat(backend.failure()).isNull();
            assertThat(clean).isTrue();
            assertThat(server.conversations()).isZero();
            assertThat(engine.stats().serving()).isZero();
            assertThat(engine.connections()).isEmpty();
            for (MemoryWire wire : wires) {
                assertThat(wire.sent()).isIn("", "s", "r");
                assertThat(wire.isOver()).isEqualTo(!wire.sent().isEmpty());
            }
        }

        @Override
        public String outcome() {
            List<String> sent = new ArrayList<>();
            wires.forEach(wire -> sent.add(wire.sent()));
            return String.join(",", sent);
        }
    }

    /** A client is aborted while its handler begins, runs or ends. */
    static final class AdmissionAgainstClose implements Program {
        private final MemoryBackend backend = new MemoryBackend();
        private final Engine engine = new Engine(backend);
        private final MemoryWire wire = new MemoryWire();

        AdmissionAgainstClose() {
            try {
                Server _ = engine.listen(
                        backend.address(), connection -> connection.writer().write("s"), Limits.defaults());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> backend.accept(wire), engine::close);
        }

        @Override
        public void invariant() {
            assertThat(backend.failure()).isNull();
            assertThat(engine.stats().serving()).isZero();
            assertThat(engine.connections()).isEmpty();
        }

        @Override
        public String outcome() {
            return wire.sent() + (wire.isOver() ? " over" : " not accepted");
        }
    }

    /** A handler over a connection that this side opens begins, or its caller learns that it does not. */
    static final class ConnectAgainstClose implements Program {
        private final MemoryBackend backend = new MemoryBackend();
        private final Engine engine = new Engine(backend);
        private volatile boolean began;
        private volatile boolean connected;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        try {
                            engine.connect(backend.address(), Duration.ofSeconds(1), _ -> began = true);
                            connected = true;
                        } catch (IOException | IllegalStateException e) {
                            connected = false;
                        }
                    },
                    engine::close);
        }

        @Override
        public void invariant() {
            assertThat(backend.failure()).isNull();
            assertThat(began).isEqualTo(connected);
            assertThat(engine.connections()).isEmpty();
        }

        @Override
        public String outcome() {
            return connected ? "connected" : "refused";
        }
    }

    /** Places are given out and given back: never more than there are, none lost. */
    static final class Places implements Program {
        private static final Limits ONE = Limits.defaults().withMaxConnections(1);
        private final Registry registry = new Registry();
        private final InetSocketAddress peer = new MemoryWire().peer();
        private int inside;
        private int served;

        @Override
        public List<Actor> actors() {
            return List.of(this::visit, this::visit, this::visit);
        }

        private void visit() {
            Optional<ConnectionHandler.Refusal> refusal = registry.enter(peer, ONE);
            if (refusal.isEmpty()) {
                assertThat(inside).isZero();
                inside = 1;
                served++;
                inside = 0;
                registry.leave(peer);
            }
        }

        @Override
        public void invariant() {
            EngineStats stats = registry.stats(0);
            assertThat(stats.serving()).isZero();
            assertThat(stats.accepted()).isEqualTo(served).isPositive();
            assertThat(stats.accepted() + stats.refused()).isEqualTo(3);
        }

        @Override
        public String outcome() {
            return served + " served";
        }
    }

    @Test
    void abort_neverInterruptsTheNextConversation() {
        explored(AbortAgainstNext.class);
    }

    @Test
    void clientsThatComeDuringTheShutdown_areServedOrRefused() {
        assertThat(explored(AdmissionAgainstShutdown.class).outcomes()).containsKeys("s,s", ",");
    }

    @Test
    void clientThatComesDuringTheClose_leavesNothingBehind() {
        assertThat(explored(AdmissionAgainstClose.class).outcomes()).containsKeys("s over", " not accepted");
    }

    @Test
    void connectDuringTheClose_beginsOrFails() {
        assertThat(explored(ConnectAgainstClose.class).outcomes()).containsOnlyKeys("connected", "refused");
    }

    @Test
    void registry_givesOutAPlaceOnce() {
        ExplorationReport report = Explorer.of(Places.class).check();

        assertThat(report.exhausted()).isTrue();
        assertThat(report.outcomes()).containsOnlyKeys("1 served", "2 served", "3 served");
    }

    private static ExplorationReport explored(Class<? extends Program> program) {
        ExplorationReport report =
                Explorer.of(program).withSearch(Search.bounded(PREEMPTIONS)).check();
        assertThat(report.bound()).isEqualTo(PREEMPTIONS);
        return report;
    }
}
