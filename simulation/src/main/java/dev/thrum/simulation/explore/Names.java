package dev.thrum.simulation.explore;

import dev.thrum.simulation.explore.code.Site;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** Names of the objects of a program, by the fields that hold them, and their values. Made for each trace. */
final class Names {
    private static final int DEPTH = 3;
    private static final int LONGEST = 80;

    private final IdentityHashMap<Object, String> known = new IdentityHashMap<>();

    Names(Program program) {
        known.put(program, program.getClass().getSimpleName());
        add(program, program.getClass().getSimpleName(), DEPTH);
    }

    private void add(Object of, String path, int depth) {
        for (Class<?> type = of.getClass(); type != null && !isOfJdk(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                Object value = field.getType().isPrimitive() ? null : read(field, of);
                if (value != null && !known.containsKey(value)) {
                    String name = path + "." + field.getName();
                    known.put(value, name);
                    if (depth > 0 && !isOfJdk(value.getClass())) {
                        add(value, name, depth - 1);
                    }
                }
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
            }
            return value == null ? "" : shown(value);
        } catch (Exception | Error e) {
            return "";
        }
    }

    private static String shown(Object value) {
        boolean plain = value instanceof Number
                || value instanceof CharSequence
                || value instanceof Boolean
                || value instanceof Enum;
        String text = plain ? value.toString() : value.getClass().getSimpleName();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
