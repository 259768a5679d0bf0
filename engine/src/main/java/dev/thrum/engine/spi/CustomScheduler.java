package dev.thrum.engine.spi;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Virtual threads on a custom scheduler; the only class that uses the JDK's private constructor for them.
 *
 * <p>The JDK keeps {@code ThreadBuilders.VirtualThreadBuilder(Executor)} for its own tests. The executor receives
 * each continuation that is ready to run, and must run it on a platform thread. Access requires
 * {@code --add-opens java.base/java.lang=ALL-UNNAMED}, or {@code Add-Opens: java.base/java.lang} in the manifest of
 * the program's jar.
 */
public final class CustomScheduler {
    /** The JVM option to add when {@link #problem} is present. */
    public static final String REMEDY = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    private CustomScheduler() {}

    /** Why virtual threads can't be given a scheduler in this JVM; empty if they can. */
    public static Optional<String> problem() {
        return Door.INSTANCE.problem;
    }

    /**
     * A builder of virtual threads that run on this scheduler. Virtual threads that they start run on it too.
     *
     * @throws IllegalStateException if {@link #problem} is present
     */
    public static Thread.Builder.OfVirtual threads(Executor scheduler) {
        MethodHandle constructor = Door.INSTANCE.constructor.orElseThrow(
                () -> new IllegalStateException(problem().orElseThrow() + "; run the JVM with " + REMEDY));
        try {
            return (Thread.Builder.OfVirtual) constructor.invoke(scheduler);
        } catch (Throwable e) {
            throw new IllegalStateException("this JDK does not make virtual threads for a given scheduler", e);
        }
    }

    /** The virtual thread of a continuation that was given to a scheduler; empty if this JDK does not expose it. */
    public static Optional<Thread> threadOf(Runnable continuation) {
        try {
            for (Field field : continuation.getClass().getDeclaredFields()) {
                if (Thread.class.isAssignableFrom(field.getType())) {
                    field.setAccessible(true);
                    return Optional.of((Thread) field.get(continuation));
                }
            }
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /**
     * Forgets a virtual thread that will never be run again, which must not be mounted: it counts as terminated, and the JDK
     * does not keep it reachable any more.
     */
    public static void abandon(Thread thread) {
        try {
            Door.INSTANCE.end.orElseThrow().invoke(thread, true);
        } catch (Throwable e) {
            throw new IllegalStateException("this JDK does not let go of a virtual thread", e);
        }
    }

    /** The constructor, and the method that ends a thread, looked up once. */
    private record Door(Optional<MethodHandle> constructor, Optional<MethodHandle> end, Optional<String> problem) {
        static final Door INSTANCE = open();

        private static Door open() {
            try {
                Class<?> builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
                MethodHandle constructor = MethodHandles.privateLookupIn(builder, MethodHandles.lookup())
                        .findConstructor(builder, MethodType.methodType(void.class, Executor.class));
                Class<?> thread = Class.forName("java.lang.VirtualThread");
                MethodHandle end = MethodHandles.privateLookupIn(thread, MethodHandles.lookup())
                        .findVirtual(thread, "afterDone", MethodType.methodType(void.class, boolean.class))
                        .asType(MethodType.methodType(void.class, Thread.class, boolean.class));
                return new Door(Optional.of(constructor), Optional.of(end), Optional.empty());
            } catch (ReflectiveOperationException e) {
                return new Door(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("virtual threads can't be given a scheduler in this JVM (" + e.getMessage() + ")"));
            }
        }
    }
}
