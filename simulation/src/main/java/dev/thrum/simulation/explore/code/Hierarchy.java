package dev.thrum.simulation.explore.code;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the class files of a program say about its classes: their supertypes, fields and methods. Names have slashes. */
final class Hierarchy {
    private final ClassLoader loader;
    private final Map<String, Optional<Summary>> known = new HashMap<>();
    private final Map<String, Optional<Class<?>>> ofJdk = new HashMap<>();

    /** What one class file says. */
    private record Summary(
            Optional<String> parent, List<String> interfaces, Map<String, Boolean> finalFields, Set<String> methods) {}

    Hierarchy(ClassLoader loader) {
        this.loader = loader;
    }

    /** The class of the JDK of this name; empty if it is none. */
    Optional<Class<?>> jdk(String name) {
        return ofJdk.computeIfAbsent(name, n -> {
            try {
                return Optional.of(Class.forName(n.replace('/', '.'), false, ClassLoader.getPlatformClassLoader()));
            } catch (ClassNotFoundException e) {
                return Optional.empty();
            }
        });
    }

    /** The class that declares a field, seen from a class that inherits it; that class itself if unknown. */
    String declaringClass(String owner, String field) {
        return info(owner)
                .filter(info -> !info.finalFields.containsKey(field))
                .flatMap(Summary::parent)
                .map(parent -> declaringClass(parent, field))
                .orElse(owner);
    }

    /** Whether a field never changes after its object was made. */
    boolean isFinal(String owner, String field) {
        return info(declaringClass(owner, field))
                .map(info -> info.finalFields.getOrDefault(field, false))
                .orElse(false);
    }

    /**
     * The class of the JDK whose method a call reaches, as far as the code says; empty if a class of the program
     * declares it.
     */
    Optional<Class<?>> jdkOwner(String owner, String nameAndType) {
        if (owner.startsWith("[")) {
            return Optional.of(Object.class);
        }
        Optional<Class<?>> direct = jdk(owner);
        if (direct.isPresent()) {
            return direct;
        }
        Optional<Summary> info = info(owner);
        if (info.isEmpty() || info.get().methods.contains(nameAndType)) {
            return Optional.empty();
        }
        Optional<Class<?>> above = info.get().parent.flatMap(parent -> jdkOwner(parent, nameAndType));
        if (above.isPresent() && above.get() != Object.class) {
            return above;
        }
        for (String type : info.get().interfaces) {
            Optional<Class<?>> found = jdkOwner(type, nameAndType).filter(one -> has(one, nameAndType));
            if (found.isPresent()) {
                return found;
            }
        }
        return above.filter(one -> has(one, nameAndType));
    }

    private static boolean has(Class<?> type, String nameAndType) {
        String name = nameAndType.substring(0, nameAndType.indexOf('('));
        for (var method : type.getMethods()) {
            if (method.getName().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private Optional<Summary> info(String name) {
        Optional<Summary> cached = known.get(name);
        if (cached == null) {
            cached = read(name);
            known.put(name, cached);
        }
        return cached;
    }

    private Optional<Summary> read(String name) {
        if (jdk(name).isPresent()) {
            return Optional.empty();
        }
        try (InputStream stream = loader.getResourceAsStream(name + ".class")) {
            if (stream == null) {
                return Optional.empty();
            }
            return Optional.of(of(ClassFile.of().parse(stream.readAllBytes())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Summary of(ClassModel model) {
        Map<String, Boolean> fields = new HashMap<>();
        model.fields()
                .forEach(field -> fields.put(
                        field.fieldName().stringValue(), field.flags().has(AccessFlag.FINAL)));
        Set<String> methods = new HashSet<>();
        model.methods()
                .forEach(method -> methods.add(
                        method.methodName().stringValue() + method.methodType().stringValue()));
        return new Summary(
                model.superclass().map(ClassEntry::asInternalName),
                model.interfaces().stream().map(ClassEntry::asInternalName).toList(),
                fields,
                methods);
    }
}
