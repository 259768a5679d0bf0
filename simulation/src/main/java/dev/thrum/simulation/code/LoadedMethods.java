package dev.thrum.simulation.code;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;

/**
 * Makes objects of a class that a loader has loaded again, and finds methods there: for test classes, which need not know that they are
 * run like that. An object of an inner class is made with an object of the class around it.
 */
public final class LoadedMethods {
    private final ClassLoader loader;

    public LoadedMethods(ClassLoader loader) {
        this.loader = loader;
    }

    /**
     * How to make an object: a handle without parameters that returns an {@code Object}.
     *
     * @param original the class as its own loader has it
     * @param setUp methods without parameters that are called on each new object of the class that declares them, or of
     *     one that extends it
     * @throws IllegalArgumentException if the class has no constructor without parameters
     */
    public MethodHandle maker(Class<?> original, List<Method> setUp) throws ClassNotFoundException {
        MethodHandle maker = constructor(loader.loadClass(original.getName()));
        if (isInner(original)) {
            maker = MethodHandles.collectArguments(
                    maker.asType(maker.type().changeParameterType(0, Object.class)),
                    0,
                    maker(original.getEnclosingClass(), setUp));
        }
        MethodHandle made = maker.asType(MethodType.methodType(Object.class));
        for (Method method : setUp) {
            if (method.getDeclaringClass().isAssignableFrom(original)) {
                MethodHandle after = MethodHandles.foldArguments(
                        MethodHandles.identity(Object.class),
                        find(method).asType(MethodType.methodType(void.class, Object.class)));
                made = MethodHandles.collectArguments(after, 0, made);
            }
        }
        return made;
    }

    private static boolean isInner(Class<?> type) {
        return type.isMemberClass() && !Modifier.isStatic(type.getModifiers());
    }

    private static MethodHandle constructor(Class<?> loaded) {
        try {
            Constructor<?> constructor = isInner(loaded)
                    ? loaded.getDeclaredConstructor(loaded.getEnclosingClass())
                    : loaded.getDeclaredConstructor();
            constructor.setAccessible(true);
            return MethodHandles.lookup().unreflectConstructor(constructor);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalArgumentException(
                    "expected " + loaded.getName() + " to have a constructor without parameters", e);
        }
    }

    /** The method as it was loaded again; its first parameter is the object. */
    public MethodHandle find(Method original) throws ClassNotFoundException {
        Class<?> owner = loader.loadClass(original.getDeclaringClass().getName());
        try {
            Method method = owner.getDeclaredMethod(original.getName(), original.getParameterTypes());
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalArgumentException("expected a method that can be called but was " + original, e);
        }
    }
}
