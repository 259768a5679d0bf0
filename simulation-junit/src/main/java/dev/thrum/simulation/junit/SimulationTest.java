package dev.thrum.simulation.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs in a simulated network under many seeds. The method has one parameter, the
 * {@link dev.thrum.simulation.Simulation}, and may throw anything.
 *
 * <pre>{@code
 * @SimulationTest(seeds = 200, faults = NetworkFaults.HARMLESS)
 * void everyClientIsAnswered(Simulation world) throws Exception {
 *     Server server = world.engine().listen(new InetSocketAddress("localhost", 0), handler(), Limits.defaults());
 *     // world.fork(...), world.engine().connect(server.address(), ...)
 * }
 * }</pre>
 *
 * <p>Each seed has a new object of the test class, whose {@code @BeforeEach} methods without parameters run first, within the
 * simulation. Other methods and extensions of JUnit don't take part. The class and the code that it calls are loaded again for each
 * seed. See {@link dev.thrum.simulation.Trial}.
 *
 * <p>The test ends at the first seed that fails. {@link #only}, or the system property {@code thrum.seed}, repeats it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Test
@ExtendWith(SeededRuns.class)
public @interface SimulationTest {
    /** How many seeds run: 1, 2, and so on. */
    int seeds() default 100;

    /** What the network does. */
    NetworkFaults faults() default NetworkFaults.NONE;

    /** The only seeds to run, to look into a failure; all if it is empty. */
    long[] only() default {};

    /** Exceptions, and subclasses of them, that handlers and threads may throw. */
    Class<? extends Throwable>[] tolerating() default {};

    /**
     * Prefixes of the names of classes that are loaded once for all seeds, because they neither read the time nor keep state of
     * a run.
     */
    String[] shared() default {};
}
