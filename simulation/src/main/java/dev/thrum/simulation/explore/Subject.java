package dev.thrum.simulation.explore;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What is explored.
 *
 * @param type a {@link Program}, or the class that has the methods
 * @param arguments for the constructor of a program
 * @param methods the methods, if the class is no program
 */
record Subject(Class<?> type, List<Object> arguments, Optional<Methods> methods) {
    /**
     * Methods without parameters.
     *
     * @param setUp what each new object begins with
     * @param actors what runs at the same time
     * @param invariant what must hold at the end
     */
    record Methods(List<Method> setUp, List<Method> actors, Method invariant) {
        Methods {
            setUp = List.copyOf(setUp);
            actors = List.copyOf(actors);
            setUp.forEach(Methods::check);
            actors.forEach(Methods::check);
            check(invariant);
        }

        private static void check(Method method) {
            if (method.getParameterCount() > 0 || Modifier.isStatic(method.getModifiers())) {
                throw new IllegalArgumentException("expected a method without parameters that is not static but was "
                        + method.getName() + " of " + method.getDeclaringClass().getName());
            }
        }

        /** The names of the actors; those of one method are numbered. */
        List<String> names() {
            List<String> all = actors.stream().map(Method::getName).toList();
            List<String> names = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                String name = all.get(i);
                int number = 1 + Collections.frequency(all.subList(0, i), name);
                names.add(Collections.frequency(all, name) == 1 ? name : name + " " + number);
            }
            return names;
        }
    }

    Subject {
        arguments = List.copyOf(arguments);
        if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
            throw new IllegalArgumentException("expected a class that can be created but was " + type.getName());
        }
        if (methods.isPresent() && !arguments.isEmpty()) {
            throw new IllegalArgumentException("expected no arguments for " + type.getName()
                    + ", whose methods are explored, but were " + arguments);
        }
        arguments.forEach(Subject::check);
    }

    static Subject program(Class<? extends Program> type, List<Object> arguments) {
        return new Subject(type, arguments, Optional.empty());
    }

    /** Only what can't change may be the same object in each run. */
    private static void check(Object argument) {
        boolean fixed = argument instanceof String
                || argument instanceof Boolean
                || argument instanceof Character
                || (argument instanceof Number
                        && argument.getClass().getPackageName().equals("java.lang"))
                || (argument instanceof Enum && argument.getClass().getClassLoader() == null);
        if (!fixed) {
            throw new IllegalArgumentException(
                    "expected arguments that can't change (strings, numbers, booleans) but was a "
                            + argument.getClass().getName() + ": all runs would share it; create it in the program");
        }
    }

    /** Tells schedules of one subject from those of another. */
    @Override
    public String toString() {
        return type.getName() + methods.<List<?>>map(Methods::names).orElse(arguments);
    }
}
