package dev.thrum.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.ConnectionInfo.Side;
import dev.thrum.engine.Outbox.Bounds;
import dev.thrum.engine.Outbox.Outcome;
import dev.thrum.engine.Outbox.WhenFull;
import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Program;
import dev.thrum.simulation.explore.Search;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@link Outbox} of a real connection over a wire in memory, under all schedules with few preemptions. */
class OutboxSchedulesTest {
    private static final int PREEMPTIONS = Boolean.getBoolean("thrum.soak") ? 3 : 2;

    abstract static class OnConnection implements Program {
        final MemoryWire wire = new MemoryWire();
        final Connection connection =
                new Connection(new Engine(new MemoryBackend()), wire, 1, Side.SERVED, Limits.Deadlines.defaults());

        final void bound(int messages, WhenFull whenFull) {
            connection.outbox().bounds(new Bounds(messages, 100, whenFull));
        }

        final Outcome offer(String message) {
            return connection.outbox().offer(message.getBytes(ISO_8859_1));
        }

        final Outcome send(String message) throws InterruptedException {
            return connection.outbox().send(message.getBytes(ISO_8859_1));
        }

        @Override
        public String outcome() {
            return wire.sent();
        }
    }

    static final class TwoSenders extends OnConnection {
        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> assertThat(offer("a")).isEqualTo(Outcome.ACCEPTED),
                    () -> assertThat(offer("b")).isEqualTo(Outcome.ACCEPTED));
        }

        @Override
        public void invariant() {
            assertThat(wire.sent()).isIn("ab", "ba");
            assertThat(connection.outbox().waiting()).isZero();
        }
    }

    /** No message gets into a unit of the owner, and none is forgotten. */
    static final class SenderAgainstOwner extends OnConnection {
        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        connection.writer().write("x");
                        connection.writer().sendWithin();
                        connection.writer().write("y");
                        connection.writer().flush();
                    },
                    () -> assertThat(offer("m")).isEqualTo(Outcome.ACCEPTED));
        }

        @Override
        public void invariant() {
            assertThat(wire.sent()).isIn("mxy", "xym");
        }
    }

    /** A sender that waits for room gets it. */
    static final class SendersThatWait extends OnConnection {
        SendersThatWait() {
            bound(1, WhenFull.WAIT);
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        assertThat(send("a")).isEqualTo(Outcome.ACCEPTED);
                        assertThat(send("b")).isEqualTo(Outcome.ACCEPTED);
                    },
                    () -> assertThat(send("c")).isEqualTo(Outcome.ACCEPTED));
        }

        @Override
        public void invariant() {
            assertThat(wire.sent()).isIn("abc", "acb", "cab");
        }
    }

    /** What was accepted is sent before the connection closes. */
    static final class OfferAgainstClose extends OnConnection {
        private volatile Outcome outcome = Outcome.FULL;

        @Override
        public List<Actor> actors() {
            return List.of(() -> outcome = offer("m"), () -> {
                connection.writer().write("x");
                connection.close();
            });
        }

        @Override
        public void invariant() {
            assertThat(outcome).isIn(Outcome.ACCEPTED, Outcome.ENDED);
            assertThat(wire.sent().contains("m")).isEqualTo(outcome == Outcome.ACCEPTED);
            assertThat(wire.sent()).contains("x");
            assertThat(wire.isOver()).isTrue();
        }
    }

    /** A sender that waits for room learns that the connection has ended. */
    static final class SendAgainstReset extends OnConnection {
        private volatile Outcome last = Outcome.FULL;

        SendAgainstReset() {
            bound(1, WhenFull.WAIT);
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        Outcome _ = send("a");
                        last = send("b");
                    },
                    connection::reset);
        }

        @Override
        public void invariant() {
            assertThat(last).isIn(Outcome.ACCEPTED, Outcome.ENDED);
            assertThat(connection.outbox().waiting()).isZero();
        }
    }

    /** A peer that is too slow gets what waits, and then the end of the stream. */
    static final class SlowConsumer extends OnConnection {
        private volatile Outcome first = Outcome.FULL;
        private volatile Outcome second = Outcome.FULL;

        SlowConsumer() {
            bound(1, WhenFull.DISCONNECT);
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> first = offer("a"), () -> second = offer("b"));
        }

        @Override
        public void invariant() {
            boolean slow = first == Outcome.DISCONNECTED || second == Outcome.DISCONNECTED;
            assertThat(wire.sent().length()).isEqualTo(slow ? 1 : 2);
            assertThat(wire.hasEndedOutput()).isEqualTo(slow);
            assertThat(connection.isInputShut()).isEqualTo(slow);
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                TwoSenders.class,
                SenderAgainstOwner.class,
                SendersThatWait.class,
                OfferAgainstClose.class,
                SendAgainstReset.class,
                SlowConsumer.class
            })
    void messages_areSentWhole_andNobodyWaitsForEver(Class<? extends Program> program) {
        ExplorationReport report =
                Explorer.of(program).withSearch(Search.bounded(PREEMPTIONS)).check();

        assertThat(report.bound()).isEqualTo(PREEMPTIONS);
        assertThat(report.outcomes()).hasSizeGreaterThan(1);
    }
}
