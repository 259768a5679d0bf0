package dev.thrum.simulation.explore;

import dev.thrum.simulation.code.LoadedMethods;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.List;

/**
 * A program whose actors and invariant are methods of an object.
 *
 * @param object an object of the class as it was loaded again
 * @param handles its methods
 */
record MethodProgram(Object object, Handles handles) implements Program {
    /**
     * Methods as they were loaded again; each takes the object.
     *
     * @param actors what runs at the same time
     * @param invariant what must hold at the end
     */
    record Handles(List<MethodHandle> actors, MethodHandle invariant) {}

    private static final MethodType ACTION = MethodType.methodType(void.class, Object.class);

    /** How to make such a program: a handle without parameters. */
    static MethodHandle maker(ClassLoader code, Subject subject) throws ClassNotFoundException {
        Subject.Methods methods = subject.methods().orElseThrow();
        LoadedMethods loaded = new LoadedMethods(code);
        List<MethodHandle> actors = new ArrayList<>();
        for (Method actor : methods.actors()) {
            actors.add(loaded.find(actor).asType(ACTION));
        }
        Handles handles = new Handles(
                List.copyOf(actors), loaded.find(methods.invariant()).asType(ACTION));
        try {
            MethodHandle wrap = MethodHandles.lookup()
                    .findConstructor(
                            MethodProgram.class, MethodType.methodType(void.class, Object.class, Handles.class));
            return MethodHandles.collectArguments(
                    MethodHandles.insertArguments(wrap, 1, handles), 0, loaded.maker(subject.type(), methods.setUp()));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<Actor> actors() {
        List<Actor> actors = new ArrayList<>();
        for (MethodHandle handle : handles.actors) {
            actors.add(() -> call(handle));
        }
        return actors;
    }

    @Override
    public void invariant() throws Exception {
        call(handles.invariant);
    }

    private void call(MethodHandle handle) throws Exception {
        try {
            handle.invokeExact(object);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new UndeclaredThrowableException(e);
        }
    }
}
