package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.spi.CustomScheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
final class CustomSchedulerTest {
    /** Run in a JVM without {@code --add-opens}. */
    static final class WithoutAddOpens {
        private WithoutAddOpens() {}

        public static void main(String[] args) {
            System.out.println("problem: " + CustomScheduler.problem().orElse("none"));
            try {
                CustomScheduler.threads(Runnable::run);
            } catch (IllegalStateException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }

    @Test
    void threadsRunOnlyOnTheScheduler_whenThePackageIsOpen() {
        assertThat(CustomScheduler.problem()).isEmpty();
        // This test's thread runs the scheduled tasks, so that the test controls each step.
        Queue<Runnable> ready = new ArrayDeque<>();
        List<String> steps = new ArrayList<>();
        CompletableFuture<Void> gate = new CompletableFuture<>();
        Thread parent = CustomScheduler.threads(ready::add).name("parent").start(() -> {
            steps.add("begins virtual: " + Thread.currentThread().isVirtual());
            Thread child = Thread.ofVirtual().start(() -> steps.add("the child runs"));
            LockSupport.park();
            gate.join();
            steps.add("continues, child alive: " + child.isAlive());
        });
        assertThat(steps).isEmpty();
        assertThat(ready).hasSize(1);
        ready.remove().run();
        assertThat(steps).containsExactly("begins virtual: true");
        assertThat(ready).as("tasks when the child has inherited the scheduler").hasSize(1);
        ready.remove().run();
        assertThat(ready).isEmpty();
        LockSupport.unpark(parent);
        ready.remove().run();
        assertThat(ready).as("tasks while the gate is closed").isEmpty();
        gate.complete(null);
        ready.remove().run();
        assertThat(steps).containsExactly("begins virtual: true", "the child runs", "continues, child alive: false");
        assertThat(parent.isAlive()).isFalse();
    }

    @Test
    void problemIsReportedWithItsRemedy_whenThePackageIsNotOpen() throws Exception {
        String output = ChildJvm.run(":", WithoutAddOpens.class);
        assertThat(output)
                .contains("problem: virtual threads can't be given a scheduler in this JVM")
                .contains("refused: virtual threads can't be given a scheduler")
                .contains("run the JVM with --add-opens=java.base/java.lang=ALL-UNNAMED");
    }
}
