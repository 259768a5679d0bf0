package dev.thrum.services.admin;

import dev.thrum.base.Threads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Threads grouped by equal stacks. The stack of each thread is asked for by itself, which stops no other thread: neither the
 * JVM's dump of all threads nor its list of all stacks is used.
 */
final class StackGroups {
    private static final int MOST_GROUPS = 200;
    private static final int MOST_NAMES = 10;
    private static final int DEEPEST = 60;

    /** The packages of the JDK, the frames of which say how a thread waits, and not where. */
    private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.");

    /** The class loader and the module before the name of a class. */
    private static final Pattern MODULE = Pattern.compile("^[\\w.@-]*//?");

    private final Map<Key, Members> groups = new HashMap<>();
    private int count;
    private int virtual;

    private record Key(Thread.State state, List<StackTraceElement> stack) {}

    private static final class Members {
        private final List<String> names = new ArrayList<>();
        private int count;
        private int virtual;
        private String oldest = "";
        private long lowest = Long.MAX_VALUE;
    }

    private StackGroups() {}

    /** The groups of these threads, those that have ended meanwhile excepted. */
    static Diagnosis.Threads of(Collection<Thread> threads) {
        StackGroups all = new StackGroups();
        threads.forEach(all::add);
        return all.result();
    }

    /** The platform threads of this program. */
    static Set<Thread> platform() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] found = new Thread[2 * root.activeCount() + 16];
        int number = root.enumerate(found);
        return new LinkedHashSet<>(Arrays.asList(found).subList(0, number));
    }

    /** The stack of a thread as text, innermost frame first. */
    static List<String> stack(Thread thread) {
        return lines(stackOf(thread));
    }

    /** The stack as text. */
    static List<String> lines(List<StackTraceElement> stack) {
        return stack.stream().limit(DEEPEST).map(StackTraceElement::toString).toList();
    }

    /** Where a thread is, in code that is not the JDK's; empty if it is in none. */
    static String place(List<String> stack) {
        return stack.stream()
                .map(frame -> MODULE.matcher(frame).replaceFirst(""))
                .filter(frame -> JDK.stream().noneMatch(frame::startsWith))
                .findFirst()
                .orElse("");
    }

    private static List<StackTraceElement> stackOf(Thread thread) {
        return Arrays.asList(thread.getStackTrace());
    }

    private void add(Thread thread) {
        List<StackTraceElement> stack = stackOf(thread);
        Thread.State state = thread.getState();
        if (state == Thread.State.TERMINATED) {
            return;
        }
        Members members = groups.computeIfAbsent(new Key(state, stack), _ -> new Members());
        members.count++;
        count++;
        if (thread.isVirtual()) {
            members.virtual++;
            virtual++;
        }
        if (members.names.size() < MOST_NAMES) {
            members.names.add(Threads.label(thread));
        }
        // Numbers only grow.
        if (thread.threadId() < members.lowest) {
            members.lowest = thread.threadId();
            members.oldest = Threads.label(thread);
        }
    }

    private Diagnosis.Threads result() {
        List<Diagnosis.Group> shown = groups.entrySet().stream()
                .sorted(Comparator.<Map.Entry<Key, Members>>comparingInt(entry -> -entry.getValue().count)
                        .thenComparingLong(entry -> entry.getValue().lowest))
                .limit(MOST_GROUPS)
                .map(entry -> group(entry.getKey(), entry.getValue()))
                .toList();
        int more = count - shown.stream().mapToInt(Diagnosis.Group::count).sum();
        return new Diagnosis.Threads(count, virtual, shown, more);
    }

    private static Diagnosis.Group group(Key key, Members members) {
        return new Diagnosis.Group(
                key.state().name(),
                members.count,
                members.virtual,
                members.oldest,
                List.copyOf(members.names),
                lines(key.stack()));
    }
}
