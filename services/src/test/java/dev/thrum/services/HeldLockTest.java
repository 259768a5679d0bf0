package dev.thrum.services;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.line.LineFormat;
import dev.thrum.line.LineHandler;
import dev.thrum.line.LineSession;
import dev.thrum.line.Lines;
import dev.thrum.testkit.Scene;
import dev.thrum.work.NamedLock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** With {@code -Dthrum.debug=true} a lock that is kept after an exchange is reported: the next may run on another thread. */
class HeldLockTest {
    private final CompletableFuture<Throwable> reason = new CompletableFuture<>();
    private final NamedLock lock = new NamedLock("the score");

    /** Locks with {@code lock}, and also unlocks with {@code both}. */
    private final class Forgetful implements LineHandler {
        @Override
        @SuppressWarnings("LockNotBeforeTry") // It forgets to unlock, on purpose.
        public void received(LineSession session, String line) throws Exception {
            lock.lock();
            boolean _ = lock.tryLock();
            lock.unlock();
            if (line.equals("both")) {
                lock.unlock();
            }
            session.writeLine("done");
        }

        @Override
        public void lost(LineSession session, Optional<Throwable> why) {
            reason.complete(why.orElseThrow());
        }
    }

    @Test
    void conversationEnds_whenAnExchangeKeepsALock() throws Exception {
        try (Engine engine = Engine.threads(2, 2);
                Server server = engine.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Lines.callbacks(LineFormat.lf(), Forgetful::new),
                        Limits.defaults());
                Connection client = engine.connect(server.address(), Duration.ofSeconds(30))) {
            Scene.say(client, "both\n");
            assertThat(Scene.line(client)).isEqualTo("done");
            Scene.say(client, "lock\n");
            assertThat(Scene.textToEnd(client)).isEqualTo("done\n");
            assertThat(reason.get())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll(
                            "expected no lock to be held when an exchange of",
                            Forgetful.class.getName(),
                            "the score",
                            "unlock it before that");
        }
    }
}
