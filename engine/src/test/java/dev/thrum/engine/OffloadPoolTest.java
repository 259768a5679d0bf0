package dev.thrum.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OffloadPoolTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Otherwise as many tasks as there are processors would occupy all carrier threads. */
    @Test
    void offload_whenCalledOnAVirtualThread_runsOnAThreadOfItsOwn() throws Exception {
        try (Engine engine = Engine.virtual()) {
            CompletableFuture<Thread> ran = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    ran.complete(engine.offload(Thread::currentThread));
                } catch (Exception e) {
                    ran.completeExceptionally(e);
                }
            });
            Thread thread = ran.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            assertThat(thread.isVirtual()).isFalse();
            assertThat(thread.getName()).startsWith("offload-");
        }
    }

    @Test
    void offload_whenCalledOnAPlatformThread_runsOnThatThread() throws Exception {
        try (Engine engine = Engine.virtual()) {
            Thread ran = engine.offload(Thread::currentThread);
            assertThat(ran).isEqualTo(Thread.currentThread());
        }
    }
}
