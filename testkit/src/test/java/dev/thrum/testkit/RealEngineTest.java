package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.Engine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The test harness: a failure anywhere makes the scenario fail and ends it. */
@ExtendWith(LeakCheck.class)
final class RealEngineTest {
    private static void run(Contract.Play play) throws Exception {
        try (EngineUnderTest under = EngineUnderTest.real(Engine.virtual())) {
            under.run(() -> play.act(new Scene(under)));
        }
    }

    @Test
    void failureIsThrown_whenTheScenarioFails() {
        AssertionError failure = new AssertionError("wrong");
        assertThatThrownBy(() -> run(scene -> {
                    scene.fork("waits for ever", () -> new CompletableFuture<Void>().get());
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void failureIsThrown_whenAForkFailsAndTheScenarioWaits() {
        AssertionError failure = new AssertionError("wrong");
        assertThatThrownBy(() -> run(scene -> {
                    scene.fork("fails", () -> {
                        throw failure;
                    });
                    new CompletableFuture<Void>().get();
                }))
                .isSameAs(failure);
    }

    @Test
    void failureIsThrown_whenAHandlerFailsAndItsClientWaits() {
        IllegalStateException failure = new IllegalStateException("wrong; this stack is expected");
        assertThatThrownBy(() -> run(scene -> {
                    scene.connect(scene.listen(connection -> {
                        throw failure;
                    }));
                    new CompletableFuture<Void>().get();
                }))
                .isSameAs(failure);
    }

    @Test
    void forksAreAwaited_whenTheScenarioEndsFirst() throws Exception {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        run(scene -> scene.fork("later", () -> {
            scene.pause(Duration.ofMillis(100));
            scene.fork("later still", () -> {
                scene.pause(Duration.ofMillis(100));
                ended.complete(null);
            });
        }));
        assertThat(ended).isDone();
    }
}
