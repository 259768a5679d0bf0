package dev.thrum.simulation.explore.run;

import java.util.Hashtable;
import java.util.Locale;
import java.util.Optional;
import java.util.Vector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/** What a call of a class of the JDK touches, by the class of the receiver. */
final class Receivers extends ClassValue<Receivers.Touched> {
    enum Touched {
        /** Nothing: objects of the class never change, or the code is rewritten and has points of its own. */
        NOTHING,
        /** The object itself. */
        ITSELF,
        /** The object itself, while it holds its monitor. */
        MONITOR,
        /** The object that it was made from, if that is known, otherwise anything. */
        ORIGIN,
        /** All futures, because one completes others. */
        FUTURES
    }

    static final Receivers KNOWN = new Receivers();

    static Touched of(Object receiver) {
        return KNOWN.get(receiver.getClass());
    }

    @Override
    protected Touched computeValue(Class<?> type) {
        Class<?> ofJdk = type;
        while (!isOfJdk(ofJdk)) {
            ofJdk = ofJdk.getSuperclass();
        }
        if (ofJdk != type && (ofJdk == Object.class || ofJdk == Record.class)) {
            return Touched.NOTHING;
        }
        return touched(ofJdk);
    }

    private static boolean isOfJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return (loader == null || loader.equals(ClassLoader.getPlatformClassLoader()))
                && !type.isHidden()
                && !java.lang.reflect.Proxy.isProxyClass(type);
    }

    private static Touched touched(Class<?> type) {
        String name = type.getName();
        if (type.isArray()) {
            return Touched.ITSELF;
        }
        if (isHarmless(type, name)) {
            return Touched.NOTHING;
        }
        if (Vector.class.isAssignableFrom(type)
                || Hashtable.class.isAssignableFrom(type)
                || type == StringBuffer.class
                || name.startsWith("java.util.Collections$Synchronized")) {
            return Touched.MONITOR;
        }
        if (CompletableFuture.class.isAssignableFrom(type) || ForkJoinTask.class.isAssignableFrom(type)) {
            return Touched.FUTURES;
        }
        boolean nested = name.startsWith("java.util.") && name.indexOf('$') > 0;
        if (nested
                && !Future.class.isAssignableFrom(type)
                && !name.startsWith("java.util.concurrent.Executors$")
                && !name.startsWith("java.util.concurrent.locks.")) {
            return Touched.ORIGIN;
        }
        return Touched.ITSELF;
    }

    /** Whether a collection never changes, so that its views don't either. */
    static boolean isFixed(Object collection) {
        return isFixed(collection.getClass().getName());
    }

    private static boolean isFixed(String name) {
        return name.startsWith("java.util.ImmutableCollections") || name.startsWith("java.util.Collections$Empty");
    }

    private static boolean isHarmless(Class<?> type, String name) {
        return Throwable.class.isAssignableFrom(type)
                || Thread.class.isAssignableFrom(type)
                || ThreadLocal.class.isAssignableFrom(type)
                || ThreadFactory.class.isAssignableFrom(type)
                || type.isEnum()
                || type.isRecord()
                || type == Object.class
                || type == Class.class
                || type == Optional.class
                || type == Locale.class
                || isFixed(name)
                || (name.startsWith("java.lang.") && type != StringBuffer.class)
                || name.startsWith("java.time.")
                || name.startsWith("java.math.");
    }
}
