package dev.thrum.simulation.explore.code;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What is known of the JDK's classes: which calls read only, and which touch nothing that is shared. */
final class JdkCalls {
    /** Packages whose objects never change, or belong to one thread. */
    private static final List<String> HARMLESS_PACKAGES = List.of(
            "java.time",
            "java.math",
            "java.text",
            "java.util.function",
            "java.util.regex",
            "java.util.stream",
            "java.lang.runtime",
            "java.lang.constant",
            "java.lang.annotation",
            "java.lang.invoke",
            "java.nio.charset");

    /** Classes of {@code java.lang} whose objects change and may be shared; all others are harmless. */
    private static final Set<String> SHARED_OF_LANG =
            Set.of("java.lang.Object", "java.lang.Iterable", "java.lang.StringBuffer", "java.lang.Appendable");

    private static final Set<String> HARMLESS = Set.of(
            "java.util.Objects",
            "java.util.Optional",
            "java.util.OptionalInt",
            "java.util.OptionalLong",
            "java.util.OptionalDouble",
            "java.util.UUID",
            "java.util.Locale",
            "java.util.Comparator",
            "java.util.StringJoiner",
            "java.util.Formatter",
            "java.util.Base64",
            "java.util.HexFormat",
            "java.util.concurrent.Callable",
            "java.util.concurrent.ThreadFactory",
            "java.util.concurrent.Executors",
            "java.net.URI");

    /** Methods that only read their receivers, and whose results are views of them or walk through them. */
    private static final Set<String> VIEWS = Set.of(
            "iterator",
            "listIterator",
            "spliterator",
            "keySet",
            "values",
            "entrySet",
            "subList",
            "subMap",
            "headMap",
            "tailMap",
            "subSet",
            "headSet",
            "tailSet",
            "reversed",
            "descendingMap",
            "descendingSet",
            "descendingIterator",
            "next");

    /** Further methods whose results walk through their receivers. */
    private static final Set<String> ENUMERATIONS = Set.of("elements", "keys");

    /** Methods that only read their receivers, besides {@link #VIEWS}. */
    private static final Set<String> READING = Set.of(
            "get",
            "getFirst",
            "getLast",
            "contains",
            "containsKey",
            "containsValue",
            "isEmpty",
            "size",
            "peek",
            "peekFirst",
            "peekLast",
            "element",
            "getOrDefault",
            "indexOf",
            "lastIndexOf",
            "toString",
            "hashCode",
            "equals",
            "forEach",
            "toArray",
            "stream",
            "hasNext",
            "getKey",
            "getValue",
            "isDone",
            "isCancelled",
            "isCompletedExceptionally",
            "getNow",
            "resultNow",
            "getCount",
            "availablePermits",
            "isLocked",
            "isWriteLocked",
            "getReadLockCount",
            "getPlain",
            "getAcquire",
            "getOpaque",
            "getVolatile",
            "intValue",
            "longValue",
            "sum",
            "first",
            "last",
            "floor",
            "ceiling",
            "higher",
            "lower",
            "firstKey",
            "lastKey",
            "firstEntry",
            "lastEntry",
            "remainingCapacity",
            "mappingCount",
            "isShutdown",
            "isTerminated",
            "length",
            "charAt",
            "state");

    /** Methods that use a collection besides their receiver. */
    private static final Set<String> USING_ANOTHER =
            Set.of("addAll", "putAll", "drainTo", "containsAll", "removeAll", "retainAll", "copyInto");

    private static final Set<String> READING_STATIC = Set.of(
            "copyOf",
            "copyOfRange",
            "toString",
            "deepToString",
            "equals",
            "hashCode",
            "stream",
            "asList",
            "max",
            "min",
            "frequency",
            "unmodifiableList",
            "unmodifiableSet",
            "unmodifiableMap",
            "unmodifiableCollection",
            "of",
            "synchronizedList",
            "synchronizedMap",
            "synchronizedSet",
            "newSetFromMap",
            "binarySearch");

    private JdkCalls() {}

    /** Whether calls of a class's methods touch nothing that threads share. */
    static boolean isHarmless(Class<?> owner) {
        String name = owner.getName();
        if (owner == VarHandle.class || owner == MethodHandle.class) {
            return false;
        }
        if (Throwable.class.isAssignableFrom(owner) || HARMLESS.contains(name)) {
            return true;
        }
        if (owner == TimeUnit.class || owner == LockSupport.class || owner.isEnum()) {
            return true;
        }
        String inPackage = owner.getPackageName();
        if (inPackage.equals("java.lang")) {
            return !SHARED_OF_LANG.contains(name);
        }
        return HARMLESS_PACKAGES.contains(inPackage);
    }

    /** Whether a call only reads the object that it is called on. */
    static boolean reads(Class<?> owner, String name) {
        if (owner == LinkedHashMap.class || owner == WeakHashMap.class) {
            return name.equals("size") || name.equals("isEmpty");
        }
        return isOfCollections(owner) && (READING.contains(name) || VIEWS.contains(name));
    }

    /** Whether the names of methods mean the same as those of collections: a buffer's get, or a scanner's next, changes it. */
    private static boolean isOfCollections(Class<?> owner) {
        String inPackage = owner.getPackageName();
        return (inPackage.startsWith("java.util") && owner != Scanner.class)
                || inPackage.equals("java.lang")
                || owner == VarHandle.class;
    }

    /** Whether the result of a call is a view of the object that it is called on, or walks through it. */
    static boolean derives(String name) {
        return VIEWS.contains(name) || ENUMERATIONS.contains(name);
    }

    static boolean usesAnother(String name) {
        return USING_ANOTHER.contains(name);
    }

    static boolean readsStatic(String name) {
        return READING_STATIC.contains(name);
    }

    /** Whether objects of a parameter's type have contents that a call may use. */
    static boolean isContainer(Class<?> type) {
        return type.isArray()
                || Collection.class.isAssignableFrom(type)
                || Map.class.isAssignableFrom(type)
                || type == Iterable.class;
    }

    /** Whether a method of futures runs its function on a thread of the JDK's own pool. */
    static boolean usesCommonPool(Class<?> owner, String name, List<Class<?>> parameters) {
        return CompletableFuture.class == owner
                && name.endsWith("Async")
                && parameters.stream().noneMatch(type -> type == Executor.class);
    }
}
