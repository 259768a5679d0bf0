package dev.thrum.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Clock;
import dev.thrum.engine.spi.RestPolicy;
import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Program;
import dev.thrum.simulation.explore.Search;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.socket.DuplexChannel;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real {@link Loop}, with Netty but without a kernel below it, under all schedules with few preemptions. */
class LoopSchedulesTest {
    private static final int PREEMPTIONS = Boolean.getBoolean("thrum.soak") ? 2 : 1;

    /** A kernel in which nothing happens: it only waits to be woken, and remembers that, as those of Linux do. */
    private static final class QuietKernel implements IoHandler {
        private final Semaphore wakeUps = new Semaphore(0);

        @Override
        public int run(IoHandlerContext context) {
            if (context.canBlock()) {
                wakeUps.acquireUninterruptibly();
            }
            wakeUps.drainPermits();
            return 0;
        }

        @Override
        public void wakeup() {
            wakeUps.release();
        }

        @Override
        public IoRegistration register(IoHandle handle) {
            throw new UnsupportedOperationException("expected no descriptors");
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> type) {
            return false;
        }
    }

    abstract static class OnLoop implements Program {
        private final Clock clock = Clock.system();
        private final AtomicInteger ran = new AtomicInteger();
        private volatile boolean late;
        final NettyLoop loop =
                new NettyLoop("loop-1", _ -> new QuietKernel(), Runnable::run, new Reports(), clock::nanoTime);

        /** Runs at once, and not only when the loop is woken to be closed. */
        final void task() {
            if (clock.nanoTime() > 0) {
                late = true;
            }
            ran.incrementAndGet();
        }

        /** Ends the loop when everything else must have happened. */
        final void closeLater() throws InterruptedException {
            Thread.sleep(Duration.ofSeconds(1));
            loop.close();
            loop.join();
        }

        final void check(int tasks) {
            assertThat(ran).hasValue(tasks);
            assertThat(late).isFalse();
        }
    }

    /** A loop that goes to sleep sees a task, or is woken for it. */
    static final class ExecuteAgainstSleep extends OnLoop {
        @Override
        public List<Actor> actors() {
            return List.of(() -> loop.execute(this::task), this::closeLater);
        }

        @Override
        public void invariant() {
            check(1);
        }
    }

    /** A task that comes while the loop ends runs once, on whatever thread. */
    static final class ExecuteAgainstEnd extends OnLoop {
        private final AtomicInteger ran = new AtomicInteger();

        @Override
        public List<Actor> actors() {
            return List.of(() -> loop.execute(ran::incrementAndGet), loop::close);
        }

        @Override
        public void invariant() {
            assertThat(ran).hasValue(1);
        }
    }

    /** Two writers have tasks for a channel: each runs once, whoever announces them. */
    static final class TwoWriters extends OnLoop {
        private final Outbound outbound = new Outbound(loop, _ -> {});

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> outbound.add(this::task, false), () -> outbound.add(this::task, false), this::closeLater);
        }

        @Override
        public void invariant() {
            check(2);
        }
    }

    /** A connection whose input comes while its owner begins to wait for it, or to rest. */
    abstract static class OnConnection extends OnLoop implements OwnerWait.Waited {
        final OwnerWait waits = new OwnerWait(loop, Clock.system(), RestPolicy.WHEN_IDLE);
        private volatile boolean ready;

        final void inputComes() {
            ready = true;
            waits.wakeAll();
        }

        @Override
        public boolean isReady(boolean input) {
            return ready;
        }

        @Override
        public void pollDirectly() {
            throw new IllegalStateException("expected no thread that is pinned");
        }

        @Override
        public void reset() {
            throw new IllegalStateException("expected no interrupt");
        }
    }

    static final class WaitAgainstInput extends OnConnection {
        @Override
        public List<Actor> actors() {
            return List.of(() -> waits.await(this, true), this::inputComes, loop::close);
        }
    }

    static final class RestAgainstInput extends OnConnection {
        private final AtomicInteger woken = new AtomicInteger();

        @Override
        public List<Actor> actors() {
            return List.of(() -> waits.rest(this, woken::incrementAndGet), this::inputComes, loop::close);
        }

        @Override
        public void invariant() {
            assertThat(woken).hasValue(1);
        }
    }

    /** The loop stops reading a channel just when its owner has read everything: it must go on. */
    static final class ReadAgainstPause extends OnLoop {
        /** One byte more than may wait. */
        private static final byte[] TOO_MUCH = new byte[64 * 1024 + 1];

        private volatile boolean reads = true;
        private final ChannelConfig config = proxy(ChannelConfig.class, (self, method, arguments) -> {
            assertThat(method.getName()).isEqualTo("setAutoRead");
            reads = (boolean) arguments[0];
            return self;
        });
        private final DuplexChannel channel = proxy(DuplexChannel.class, (_, method, _) -> {
            assertThat(method.getName()).isEqualTo("config");
            return config;
        });
        private final ChannelInput input = new ChannelInput(loop, channel);

        private static <T> T proxy(Class<T> type, InvocationHandler handler) {
            return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> loop.execute(() -> input.add(Unpooled.wrappedBuffer(TOO_MUCH))),
                    () -> {
                        byte[] target = new byte[TOO_MUCH.length];
                        while (input.read(target, 0, target.length) == 0) {
                            Thread.onSpinWait();
                        }
                    },
                    this::closeLater);
        }

        @Override
        public void invariant() {
            assertThat(reads).isTrue();
            assertThat(input.available()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                ExecuteAgainstSleep.class,
                ExecuteAgainstEnd.class,
                TwoWriters.class,
                WaitAgainstInput.class,
                RestAgainstInput.class,
                ReadAgainstPause.class
            })
    void whatComesWhileAThreadGoesToSleep_isNotForgotten(Class<? extends Program> program) {
        ExplorationReport report =
                Explorer.of(program).withSearch(Search.bounded(PREEMPTIONS)).check();

        assertThat(report.bound()).isEqualTo(PREEMPTIONS);
        assertThat(report.schedules()).isGreaterThan(1);
    }
}
