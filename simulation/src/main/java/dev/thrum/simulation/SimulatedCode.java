package dev.thrum.simulation;

import dev.thrum.simulation.code.SharedCode;
import dev.thrum.simulation.code.TimeRewriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A class loader that loads code again, with its calls for the time redirected to the simulation.
 *
 * <p>Redirected are {@code Thread.sleep}, {@code TimeUnit.sleep}, {@code LockSupport.parkNanos},
 * {@code System.nanoTime} and {@code currentTimeMillis}, {@code Instant.now} and the {@code now} of the date and time
 * classes, {@code Clock.system...} and {@code InstantSource.system}, as calls and as method references; also the clock of
 * the system and the daemon threads of Thrum's {@code base}, so that {@code dev.thrum.work} runs inside. Not redirected: time limits inside
 * {@code java.util.concurrent} and {@code Object.wait}; the simulation reports threads that use them.
 *
 * <p>Everything is loaded again except the JDK, Thrum's engine and simulation, and the libraries of tests; those are
 * the same classes inside and outside, so that a scenario can be passed in.
 */
public final class SimulatedCode extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private static final List<String> SHARED =
            List.of("dev.thrum.base.Offload", "dev.thrum.base.Thread", "dev.thrum.engine.", "dev.thrum.simulation.");

    private final List<String> shared;

    /** Class files as rewritten, by class name; shared by all generations of this loader. */
    private final Map<String, byte[]> rewritten;

    private SimulatedCode(ClassLoader parent, List<String> shared, Map<String, byte[]> rewritten) {
        super("simulated", parent);
        this.shared = shared;
        this.rewritten = rewritten;
    }

    /**
     * Creates a loader of the code that the given one would load.
     *
     * @param shared further prefixes of the names of classes that are the same inside and outside
     */
    public static SimulatedCode besides(ClassLoader original, String... shared) {
        return new SimulatedCode(
                original,
                SharedCode.and(Stream.concat(SHARED.stream(), Stream.of(shared)).toList()),
                new ConcurrentHashMap<>());
    }

    /** Creates a loader of the same code that has loaded nothing yet, so that its classes have fresh static fields. */
    SimulatedCode again() {
        return new SimulatedCode(getParent(), shared, rewritten);
    }

    /** Loads this class here and creates an instance with its constructor without parameters. */
    public <T> T instantiate(Class<? extends T> original, Class<T> as) {
        try {
            var constructor = loadClass(original.getName()).getDeclaredConstructor();
            constructor.setAccessible(true);
            return as.cast(constructor.newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    "expected " + original.getName()
                            + " to have a constructor without parameters (a static nested or top-level class)",
                    e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (isShared(name)) {
            return super.loadClass(name, resolve);
        }
        if (rewritten.containsKey(name)) {
            // An earlier generation has found that it is not a class of the JDK; the check costs an exception.
            return anew(name);
        }
        try {
            return getPlatformClassLoader().loadClass(name);
        } catch (ClassNotFoundException e) {
            return anew(name);
        }
    }

    private Class<?> anew(String name) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private boolean isShared(String name) {
        return shared.stream().anyMatch(name::startsWith);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] known = rewritten.get(name);
        byte[] code = known != null ? known : rewrite(name);
        return defineClass(name, code, 0, code.length);
    }

    private byte[] rewrite(String name) throws ClassNotFoundException {
        try (InputStream stream = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (stream == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = TimeRewriter.rewrite(stream.readAllBytes(), getParent());
            rewritten.put(name, code);
            return code;
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
