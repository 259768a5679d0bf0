package dev.thrum.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Clock;
import dev.thrum.engine.ConnectionInfo.Side;
import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Program;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What other threads do to a connection while it waits or ends, under every schedule: whoever adds something sees the end, or
 * the end sees it.
 */
class ConnectionSchedulesTest {
    /** The clock's reading at the beginning. */
    private static final long BEGIN = 0;

    static final class ActionAgainstEnd implements Program {
        private final EndActions actions = new EndActions();
        private volatile boolean added;
        private int runs;

        @Override
        public List<Actor> actors() {
            return List.of(() -> added = actions.add(() -> runs++), actions::run);
        }

        @Override
        public void invariant() {
            assertThat(runs).isEqualTo(added ? 1 : 0);
        }

        @Override
        public String outcome() {
            return added ? "run" : "refused";
        }
    }

    /** The first action makes the list of actions, while the connection ends without one. */
    static final class FirstActionAgainstEnd implements Program {
        private final ConnectionLife life = new ConnectionLife();
        private volatile boolean added;
        private int runs;

        @Override
        public List<Actor> actors() {
            return List.of(() -> added = life.atEnd(() -> runs++), life::ended);
        }

        @Override
        public void invariant() {
            assertThat(runs).isEqualTo(added ? 1 : 0);
        }

        @Override
        public String outcome() {
            return added ? "run" : "refused";
        }
    }

    abstract static class OnConnection implements Program {
        final Connection connection = new Connection(
                new Engine(new MemoryBackend()), new MemoryWire(), 1, Side.SERVED, Limits.Deadlines.defaults());
    }

    static final class JoinAgainstEnd extends OnConnection {
        private final Group<Connection> group = Group.ofConnections();
        private volatile boolean joined;

        @Override
        public List<Actor> actors() {
            return List.of(() -> joined = group.join(connection), connection::reset);
        }

        @Override
        public void invariant() {
            assertThat(group.contains(connection)).isFalse();
            assertThat(group.size()).isZero();
        }

        @Override
        public String outcome() {
            return joined ? "joined" : "refused";
        }
    }

    static final class JoinAgainstLeave extends OnConnection {
        private final Group<Connection> group = Group.ofConnections();
        private volatile boolean left;

        @Override
        public List<Actor> actors() {
            return List.of(() -> assertThat(group.join(connection)).isTrue(), () -> left = group.leave(connection));
        }

        @Override
        public void invariant() {
            assertThat(group.contains(connection)).isEqualTo(!left);
            assertThat(group.size()).isEqualTo(left ? 0 : 1);
        }

        @Override
        public String outcome() {
            return left ? "left" : "a member";
        }
    }

    /** A timer that starts while the connection ends does not fire any more. */
    static final class TimerAgainstEnd extends OnConnection {
        private volatile boolean started;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        Clock.Timer timer = connection.schedule(Duration.ofSeconds(1), () -> {});
                        started = timer != null;
                    },
                    connection::reset);
        }

        @Override
        public void invariant() {
            assertThat(started).isTrue();
            assertThat(connection.input().hasDueTasks()).isFalse();
        }
    }

    /** The reaper ends the wait that it has looked at, and never the next one. */
    static final class ExpiryAgainstNextWait implements Program {
        private final WaitState waiting = WaitState.ofOutput();
        private volatile boolean firstExpired;
        private volatile boolean secondExpired;
        private volatile boolean expired;

        ExpiryAgainstNextWait() {
            waiting.begin(WaitState.Wait.of(ConnectionInfo.Waiting.OUTPUT, 0, 1));
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        firstExpired = waiting.end();
                        waiting.begin(WaitState.Wait.of(ConnectionInfo.Waiting.OUTPUT, 1, 9));
                        secondExpired = waiting.end();
                    },
                    () -> expired = waiting.expireIfDue(2) == ConnectionInfo.Waiting.OUTPUT);
        }

        @Override
        public void invariant() {
            assertThat(secondExpired).isFalse();
            assertThat(firstExpired).isEqualTo(expired);
        }
    }

    /** One thread closes a connection while another one writes: nothing is written to a socket that lingers. */
    static final class CloseAgainstWriter extends OnConnection {
        CloseAgainstWriter() {
            connection.releaseOutput();
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        try {
                            connection.writer().write("x");
                            connection.writer().flush();
                        } catch (IOException e) {
                            assertThat(connection.isClosed()).isTrue();
                        }
                    },
                    connection::close);
        }
    }

    /** Whoever wakes the owner fills a queue first: the owner never waits while something is in it. */
    static final class WakeAgainstAwait extends OnConnection {
        private final Queue<Integer> queue = new ConcurrentLinkedQueue<>();

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        ByteReader.Arrival arrival = ByteReader.Arrival.NOTHING;
                        while (queue.poll() == null) {
                            arrival = connection.reader().await(Duration.ofSeconds(1));
                        }
                        assertThat(arrival).isIn(ByteReader.Arrival.NOTHING, ByteReader.Arrival.WOKEN);
                        assertThat(connection.clock().nanoTime()).isEqualTo(BEGIN);
                    },
                    () -> {
                        queue.add(1);
                        connection.wake();
                    });
        }
    }

    /** A timer that fires just when the owner begins to wait: its task runs then. */
    static final class TimerAgainstAwait extends OnConnection {
        private long ran = -1;

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                Clock.Timer _ = connection.schedule(
                        Duration.ofMillis(1), () -> ran = connection.clock().nanoTime());
                Thread.sleep(1);
                ByteReader.Arrival _ = connection.reader().await(Duration.ofSeconds(1));
            });
        }

        @Override
        public void invariant() {
            assertThat(ran).isEqualTo(BEGIN + 1_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                ActionAgainstEnd.class,
                FirstActionAgainstEnd.class,
                JoinAgainstEnd.class,
                JoinAgainstLeave.class,
                TimerAgainstEnd.class,
                ExpiryAgainstNextWait.class,
                CloseAgainstWriter.class,
                WakeAgainstAwait.class,
                TimerAgainstAwait.class
            })
    void whatAnotherThreadAdds_isNotForgotten(Class<? extends Program> program) {
        ExplorationReport report = Explorer.of(program).check();

        assertThat(report.exhausted()).isTrue();
        assertThat(report.schedules()).isGreaterThan(1);
    }
}
