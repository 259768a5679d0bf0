package dev.thrum.simulation.junit;

import dev.thrum.simulation.explore.Timeouts;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs the {@link Actor} methods of its class under every schedule that can differ. The method itself is the
 * invariant: it is called when all threads of a schedule have ended, and must not throw.
 *
 * <pre>{@code
 * class CounterTest {
 *     private int count;
 *
 *     @Actor(threads = 2)
 *     void increment() {
 *         count++;
 *     }
 *
 *     @ExploreTest
 *     void noIncrementIsLost() {
 *         assertEquals(2, count);
 *     }
 * }
 * }</pre>
 *
 * <p>Each schedule has a new object of the test class, made by its constructor; its {@code @BeforeEach} methods without parameters run
 * first. Other methods and extensions of JUnit don't take part. The class and the code that it calls are loaded again, once for the test. See
 * {@link dev.thrum.simulation.explore.Explorer}, also for what schedules must not share.
 *
 * <p>A failure has the shortest schedule that was found, step by step, and what replays it: {@link #replay}, or the system property
 * {@code thrum.schedule}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Test
@ExtendWith(Exploration.class)
public @interface ExploreTest {
    /** The value of {@link #preemptions} that does not limit them. */
    int UNLIMITED = -1;

    /**
     * The most preemptions of a schedule: switches away from a thread that could go on. For what is too large without: most
     * bugs need one or two.
     */
    int preemptions() default UNLIMITED;

    /** When a wait with a time limit may end. */
    Timeouts timeouts() default Timeouts.BY_CLOCK;

    /** The most schedules; if some are left after them, the test fails and says so. */
    long schedules() default 1_000_000;

    /** The most steps of a schedule: one that has more goes on for ever. */
    int steps() default 10_000;

    /**
     * The only schedule to run, from the message of a failure; all if it is empty. If it shows nothing wrong, the test counts
     * as skipped, not as passed.
     */
    String replay() default "";
}
