package dev.thrum.simulation.explore;

import dev.thrum.simulation.explore.code.Site;
import dev.thrum.simulation.explore.run.ExploredThread;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Names of the objects of a program, by the fields that hold them, and their values. Made for each trace. */
final class Names {
    private static final int DEPTH = 3;
    private static final int LONGEST = 80;

    /** More elements of an array or a list have no name, and of a collection are not shown. */
    private static final int MOST_ELEMENTS = 8;

    private final Object program;
    private final IdentityHashMap<Object, String> known = new IdentityHashMap<>();

    /** Objects that no field holds: named by their class and, from the second on, a number. */
    private final IdentityHashMap<Object, String> unnamed = new IdentityHashMap<>();

    private final Map<String, Integer> counts = new HashMap<>();

    Names(Object program) {
        this.program = program;
        known.put(program, program.getClass().getSimpleName());
        add(program, program.getClass().getSimpleName(), DEPTH);
    }

    private void add(Object of, String path, int depth) {
        for (Class<?> type = of.getClass(); type != null && !isOfJdk(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                Object value = field.getType().isPrimitive() ? null : read(field, of);
                if (value != null && !known.containsKey(value)) {
                    // Of an inner class: the object around it.
                    String name = field.isSynthetic() ? value.getClass().getSimpleName() : path + "." + field.getName();
                    known.put(value, name);
                    addElements(value, name);
                    if (depth > 0 && !isOfJdk(value.getClass())) {
                        add(value, name, depth - 1);
                    }
                }
            }
        }
    }

    private void addElements(Object of, String name) {
        List<?> elements = switch (of) {
            case Object[] array -> Arrays.asList(array);
            case List<?> list when isOfJdk(list.getClass()) -> list;
            default -> List.of();
        };
        for (int i = 0; i < Math.min(elements.size(), MOST_ELEMENTS); i++) {
            Object element = elements.get(i);
            if (element != null) {
                known.putIfAbsent(element, name + "[" + i + "]");
            }
        }
    }

    private static boolean isOfJdk(Class<?> type) {
        return type.getClassLoader() == null || type.isArray();
    }

    private static @Nullable Object read(Field field, @Nullable Object of) {
        try {
            field.setAccessible(true);
            return field.get(Modifier.isStatic(field.getModifiers()) ? null : of);
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            return null;
        }
    }

    /** What a step is about. */
    String of(@Nullable Object object, Site site, int key) {
        if (site.operation().equals("loops")) {
            return "";
        }
        String name = object == null ? null : known.get(object);
        if (site.what().equals("element")) {
            return (name == null ? "array" : name) + "[" + key + "]";
        }
        if (site.key() != Site.WHOLE) {
            return name == null || key >= dev.thrum.simulation.explore.code.Sites.STATIC_KEYS
                    ? site.what()
                    : name + site.what().substring(site.what().lastIndexOf('.'));
        }
        return name == null ? site.what() : name + " (" + site.what() + ")";
    }

    /** What a step is about, without the name of the call; empty if it is about nothing. */
    String subject(@Nullable Object object, Site site, int key) {
        if (object == null || site.operation().equals("loops")) {
            return "";
        }
        if (object instanceof ExploredThread thread) {
            return thread.name();
        }
        boolean whole = site.key() == Site.WHOLE && !site.what().equals("element");
        String type = site.what().replaceFirst("\\..*", "");
        return whole ? name(object, site.operation().equals("calls") ? type : "") : of(object, site, key);
    }

    /**
     * The name of an object: the field that holds it, or else its class.
     *
     * @param type the class by which it is used, for an object whose own says nothing
     */
    String name(Object object, String type) {
        String name = known.get(object);
        if (name == null && !unnamed.containsKey(object)) {
            // A field may hold it since the names were made.
            add(program, program.getClass().getSimpleName(), DEPTH);
            name = known.get(object);
        }
        return name != null
                ? name
                : unnamed.computeIfAbsent(object, _ -> {
                    boolean saysNothing = object.getClass() == Object.class && !type.isEmpty();
                    String simple = saysNothing ? type : object.getClass().getSimpleName();
                    int count = counts.merge(simple, 1, Integer::sum);
                    return count == 1 ? simple : simple + " " + count;
                });
    }

    // The program's toString is foreign code and may throw anything.
    @SuppressWarnings("CatchingUnchecked")
    static String value(Object object, String field, int index) {
        try {
            Object value = null;
            if (index >= 0) {
                value = Array.get(object, index);
            } else if (!field.isEmpty()) {
                for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
                    for (Field one : type.getDeclaredFields()) {
                        if (one.getName().equals(field)) {
                            Object read = read(one, object);
                            return read == null ? "null" : shown(read);
                        }
                    }
                }
            } else {
                return contents(object);
            }
            return value == null ? "" : shown(value);
        } catch (Exception | Error e) {
            return "";
        }
    }

    /** The state of an object of the JDK that has one that can be said in a few words. */
    private static String contents(Object object) {
        return switch (object) {
            case AtomicInteger number -> shown(number.get());
            case AtomicLong number -> shown(number.get());
            case AtomicBoolean truth -> shown(truth.get());
            case AtomicReference<?> reference -> shown(reference.get());
            case LongAdder adder -> shown(adder.sum());
            case Semaphore semaphore -> shown(semaphore.availablePermits());
            case CountDownLatch latch -> shown(latch.getCount());
            case Collection<?> all
            when isOfJdk(all.getClass()) ->
                all.size() > MOST_ELEMENTS
                        ? all.size() + " elements"
                        : all.stream().map(Names::shown).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map
            when isOfJdk(map.getClass()) ->
                map.size() > MOST_ELEMENTS
                        ? map.size() + " entries"
                        : map.entrySet().stream()
                                .map(entry -> shown(entry.getKey()) + "=" + shown(entry.getValue()))
                                .collect(Collectors.joining(", ", "{", "}"));
            default -> "";
        };
    }

    private static String shown(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        boolean plain = value instanceof Number
                || value instanceof CharSequence
                || value instanceof Boolean
                || value instanceof Enum;
        String text = StableText.of(plain ? value.toString() : value.getClass().getSimpleName());
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
