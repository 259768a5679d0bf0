package dev.thrum.simulation.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method that runs on a thread of its own, at the same time as the other actors of its class, in each {@link ExploreTest}.
 * It has no parameters and is not static. An exception that it throws fails the test.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Actor {
    /** How many threads run the method. */
    int threads() default 1;
}
