package dev.thrum.simulation;

import dev.thrum.simulation.code.LoadedMethods;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;

/**
 * A scenario that is a method of an object.
 *
 * @param object an object of the class as it was loaded again
 * @param method takes the object and the simulation
 */
record MethodScenario(Object object, MethodHandle method) implements Scenario {
    static MethodScenario load(SimulatedCode code, Class<?> type, List<Method> setUp, Method scenario) {
        try {
            LoadedMethods loaded = new LoadedMethods(code);
            MethodHandle method =
                    loaded.find(scenario).asType(MethodType.methodType(void.class, Object.class, Simulation.class));
            return new MethodScenario(loaded.maker(type, setUp).invoke(), method);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new UndeclaredThrowableException(e);
        }
    }

    @Override
    public void run(Simulation world) throws Exception {
        try {
            method.invokeExact(object, world);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new UndeclaredThrowableException(e);
        }
    }
}
