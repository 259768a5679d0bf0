package dev.thrum.bench.peers;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.TimeUnit;

/** Vert.x with the native transport and one loop. */
final class VertxLoop {
    private static final int TIMEOUT_SECONDS = 20;

    private VertxLoop() {}

    static Vertx open() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        if (!vertx.isNativeTransportEnabled()) {
            throw new UnsupportedOperationException(
                    "this machine has no native transport for Vert.x: " + vertx.unavailableNativeTransportCause());
        }
        return vertx;
    }

    static void await(Future<?> future) {
        var _ = future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
