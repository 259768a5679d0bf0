package dev.thrum.bench.explore;

import dev.thrum.simulation.explore.Program;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.util.function.Supplier;

/** Makes programs without an explorer. */
final class Programs {
    private Programs() {}

    /** Calls the constructor without parameters of a class, which need not be public. */
    @SuppressWarnings("unchecked")
    static Supplier<Program> of(Class<? extends Program> type) {
        try {
            Constructor<? extends Program> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            MethodHandle maker = MethodHandles.lookup().unreflectConstructor(constructor);
            return MethodHandleProxies.asInterfaceInstance(Supplier.class, maker);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("expected a program with a constructor but was " + type.getName(), e);
        }
    }
}
