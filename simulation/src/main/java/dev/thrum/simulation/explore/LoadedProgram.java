package dev.thrum.simulation.explore;

import dev.thrum.simulation.explore.code.ExploredCode;
import dev.thrum.simulation.explore.run.Machine;
import dev.thrum.simulation.explore.run.RunnableProgram;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A program that is loaded once, and the object of it that belongs to the current run. Owned by the thread that explores. */
final class LoadedProgram implements RunnableProgram {
    private final Class<?> original;
    private final List<Object> arguments;
    private final MethodHandle constructor;
    private @Nullable Program current;

    /** What the constructor or {@link Program#actors} has thrown. */
    private @Nullable Throwable failure;

    /** Whether the program has actors. */
    private boolean empty;

    LoadedProgram(ExploredCode code, Class<?> original, List<Object> arguments) {
        this.original = original;
        this.arguments = arguments;
        try {
            this.constructor = find(code.loadClass(original.getName()))
                    .asSpreader(Object[].class, arguments.size())
                    .asType(java.lang.invoke.MethodType.methodType(Program.class, Object[].class));
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalArgumentException(
                    "expected a class that can be rewritten but was " + original.getName() + ": " + e, e);
        }
    }

    private MethodHandle find(Class<?> loaded) {
        for (Constructor<?> one : loaded.getDeclaredConstructors()) {
            if (one.getParameterCount() == arguments.size() && takes(one.getParameterTypes())) {
                try {
                    one.setAccessible(true);
                    return MethodHandles.lookup().unreflectConstructor(one);
                } catch (IllegalAccessException e) {
                    throw new IllegalArgumentException("expected a constructor that can be called", e);
                }
            }
        }
        throw new IllegalArgumentException("expected " + original.getName() + " to have a constructor for "
                + (arguments.isEmpty() ? "no arguments" : "the arguments " + arguments)
                + ", and to be a static nested or top-level class");
    }

    private boolean takes(Class<?>[] types) {
        for (int i = 0; i < types.length; i++) {
            Class<?> type =
                    java.lang.invoke.MethodType.methodType(types[i]).wrap().returnType();
            if (!type.isInstance(arguments.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Only what can't change may be the same object in each run. */
    static void checkArguments(Class<?> program, List<Object> arguments) {
        if (program.isInterface() || Modifier.isAbstract(program.getModifiers())) {
            throw new IllegalArgumentException("expected a class that can be created but was " + program.getName());
        }
        for (Object argument : arguments) {
            boolean fixed = argument instanceof String
                    || argument instanceof Boolean
                    || argument instanceof Character
                    || (argument instanceof Number
                            && argument.getClass().getPackageName().equals("java.lang"))
                    || (argument instanceof Enum && argument.getClass().getClassLoader() == null);
            if (!fixed) {
                throw new IllegalArgumentException(
                        "expected arguments that can't change (strings, numbers, booleans) but was a "
                                + argument.getClass().getName()
                                + ": all runs would share it; create it in the program");
            }
        }
    }

    // The program is foreign code and may throw anything.
    @SuppressWarnings("CatchingUnchecked")
    @Override
    public void create(Machine machine) {
        try {
            Program made = (Program) constructor.invokeExact(arguments.toArray());
            current = made;
            List<Program.Actor> actors = made.actors();
            empty = actors.isEmpty();
            for (int i = 0; i < actors.size(); i++) {
                Program.Actor actor = actors.get(i);
                machine.addActor(NAMES[Math.min(i, NAMES.length - 1)], () -> act(actor));
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    private static final String[] NAMES = java.util.stream.IntStream.rangeClosed(1, 63)
            .mapToObj(i -> "actor " + i)
            .toArray(String[]::new);

    private static void act(Program.Actor actor) {
        try {
            actor.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw sneaky(e);
        }
    }

    /** Throws an exception as it is. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> RuntimeException sneaky(Exception e) throws E {
        throw (E) e;
    }

    /** Fails if the last run could not even begin. */
    void checkCreated() {
        if (failure != null) {
            throw new IllegalStateException(
                    "expected " + original.getName() + " to be created but its constructor or actors() has thrown "
                            + failure,
                    failure);
        }
        if (empty) {
            throw new IllegalArgumentException(
                    "expected at least one actor but actors() of " + original.getName() + " is empty");
        }
    }

    Program current() {
        if (current == null) {
            throw new IllegalStateException("expected a run");
        }
        return current;
    }

    /** Whether the program checks anything at the end. */
    boolean hasEnding() {
        return Arrays.stream(original.getMethods())
                .anyMatch(method -> (method.getName().equals("invariant")
                                || method.getName().equals("outcome"))
                        && method.getParameterCount() == 0
                        && method.getDeclaringClass() != Program.class);
    }

    @Override
    public String toString() {
        return original.getName() + arguments;
    }
}
