package dev.thrum.simulation.explore;

import dev.thrum.simulation.explore.code.ExploredCode;
import dev.thrum.simulation.explore.run.Machine;
import dev.thrum.simulation.explore.run.RunnableProgram;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A program that is loaded once, and the object of it that belongs to the current run. Owned by the thread that explores. */
final class LoadedProgram implements RunnableProgram {
    private final Subject subject;
    private final MethodHandle constructor;
    private final List<String> names;
    private @Nullable Program current;

    /** What the constructor or {@link Program#actors} has thrown. */
    private @Nullable Throwable failure;

    /** Whether the program has actors. */
    private boolean empty;

    LoadedProgram(ExploredCode code, Subject subject) {
        this.subject = subject;
        this.names = subject.methods().map(Subject.Methods::names).orElse(NUMBERS);
        try {
            MethodHandle maker = subject.methods().isPresent()
                    ? MethodProgram.maker(code, subject)
                    : find(code.loadClass(subject.type().getName()));
            this.constructor = maker.asSpreader(
                            Object[].class, subject.arguments().size())
                    .asType(MethodType.methodType(Program.class, Object[].class));
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalArgumentException(
                    "expected a class that can be rewritten but was "
                            + subject.type().getName() + ": " + e,
                    e);
        }
    }

    private MethodHandle find(Class<?> loaded) {
        for (Constructor<?> one : loaded.getDeclaredConstructors()) {
            if (one.getParameterCount() == subject.arguments().size() && takes(one.getParameterTypes())) {
                try {
                    one.setAccessible(true);
                    return MethodHandles.lookup().unreflectConstructor(one);
                } catch (IllegalAccessException e) {
                    throw new IllegalArgumentException("expected a constructor that can be called", e);
                }
            }
        }
        throw new IllegalArgumentException("expected " + subject.type().getName() + " to have a constructor for "
                + (subject.arguments().isEmpty() ? "no arguments" : "the arguments " + subject.arguments())
                + ", and to be a static nested or top-level class");
    }

    private boolean takes(Class<?>[] types) {
        for (int i = 0; i < types.length; i++) {
            Class<?> type = MethodType.methodType(types[i]).wrap().returnType();
            if (!type.isInstance(subject.arguments().get(i))) {
                return false;
            }
        }
        return true;
    }

    // The program is foreign code and may throw anything.
    @SuppressWarnings("CatchingUnchecked")
    @Override
    public void create(Machine machine) {
        try {
            Program made = (Program) constructor.invokeExact(subject.arguments().toArray());
            current = made;
            List<Program.Actor> actors = made.actors();
            empty = actors.isEmpty();
            for (int i = 0; i < actors.size(); i++) {
                Program.Actor actor = actors.get(i);
                machine.addActor(names.get(Math.min(i, names.size() - 1)), () -> act(actor));
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    private static final List<String> NUMBERS =
            IntStream.rangeClosed(1, 63).mapToObj(i -> "actor " + i).toList();

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
                    "expected " + subject.type().getName()
                            + " to be created but its constructor or actors() has thrown " + failure,
                    failure);
        }
        if (empty) {
            throw new IllegalArgumentException("expected at least one actor but actors() of "
                    + subject.type().getName() + " is empty");
        }
    }

    Program current() {
        if (current == null) {
            throw new IllegalStateException("expected a run");
        }
        return current;
    }

    /** What has the fields that threads share. */
    Object root() {
        return current() instanceof MethodProgram methods ? methods.object() : current();
    }

    /** Whether the program checks anything at the end. */
    boolean hasEnding() {
        return subject.methods().isPresent()
                || Arrays.stream(subject.type().getMethods())
                        .anyMatch(method -> (method.getName().equals("invariant")
                                        || method.getName().equals("outcome"))
                                && method.getParameterCount() == 0
                                && method.getDeclaringClass() != Program.class);
    }

    @Override
    public String toString() {
        return subject.toString();
    }
}
