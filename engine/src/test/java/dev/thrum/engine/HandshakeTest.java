package dev.thrum.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.spi.Encryption;
import dev.thrum.engine.spi.SecureWire;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a handshake computes aside: where, and what an interrupt does meanwhile. */
final class HandshakeTest {
    private static final int PATIENCE_SECONDS = 30;

    /** The computations of one handshake. */
    private interface Computing {
        void run(Executor aside) throws Exception;
    }

    /** Accepts a connection whose handshake is this one; returns its failure, or null. */
    private static Throwable handshake(Engine engine, Computing computing) throws Exception {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Encryption.Server encryption = (wire, clock) -> (SecureWire) Proxy.newProxyInstance(
                SecureWire.class.getClassLoader(), new Class<?>[] {SecureWire.class}, (_, method, arguments) -> {
                    return switch (method.getName()) {
                        case "handshakeDeadline" -> clock.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
                        case "handshakeBy" -> null;
                        case "handshake" -> {
                            try {
                                computing.run((Executor) arguments[0]);
                                ended.complete(null);
                            } catch (Throwable e) {
                                ended.complete(e);
                            }
                            yield SecureWire.END;
                        }
                        default -> {
                            try {
                                yield method.invoke(wire, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }
                    };
                });
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ConnectionHandler handler = _ -> {};
        try (Server server = engine.listen(any, handler, Limits.defaults(), encryption);
                Socket _ = new Socket(
                        server.address().getAddress(), server.address().getPort())) {
            return ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void computation_runsOnAnotherThread_ifThisOneIsVirtual() throws Exception {
        try (Engine engine = Engine.virtual()) {
            Thread[] ran = new Thread[1];
            assertThat(handshake(engine, aside -> aside.execute(() -> ran[0] = Thread.currentThread())))
                    .isNull();
            assertThat(ran[0].getName()).startsWith("offload-compute-");
        }
    }

    @Test
    void interrupt_endsNoWaitForAComputationThatHasBegun() throws Exception {
        try (Engine engine = Engine.virtual()) {
            boolean[] known = new boolean[2];
            assertThat(handshake(engine, aside -> {
                        Thread owner = Thread.currentThread();
                        CountDownLatch never = new CountDownLatch(1);
                        aside.execute(() -> {
                            owner.interrupt();
                            try {
                                await(never);
                            } catch (InterruptedException e) {
                                // The owner has noticed its interrupt, and must wait nevertheless.
                                known[0] = true;
                            }
                        });
                        assertThat(known[0]).isTrue();
                        known[1] = Thread.interrupted();
                    }))
                    .isNull();
            assertThat(known).containsExactly(true, true);
        }
    }

    @Test
    void interrupt_beforeAComputationBegins_losesNeither() throws Exception {
        try (Engine engine = Engine.virtual()) {
            assertThat(handshake(engine, aside -> {
                        Thread.currentThread().interrupt();
                        CountDownLatch ran = new CountDownLatch(1);
                        aside.execute(ran::countDown);
                        assertThat(ran.getCount()).isZero();
                        assertThat(Thread.interrupted()).isTrue();
                    }))
                    .isNull();
        }
    }

    @Test
    void computationThatFails_failsTheHandshake() throws Exception {
        try (Engine engine = Engine.virtual()) {
            assertThat(handshake(
                            engine,
                            aside -> aside.execute(() -> {
                                throw new ArithmeticException("by zero");
                            })))
                    .isInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage("by zero");
        }
    }
}
