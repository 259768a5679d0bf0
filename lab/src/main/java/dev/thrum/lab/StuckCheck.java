package dev.thrum.lab;

import dev.thrum.lab.picture.Stuck;
import dev.thrum.simulation.explore.Program;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out whether the threads of a program wait for ever.
 *
 * <p>They do if each of them waits without a time limit, and for something that only another of them could do. For the locks and conditions in
 * fields of the program that is certain after two looks between which no thread has run: a lock says who holds it and who waits for it, and who
 * waits for a signal that has been given waits for the lock already. For other waits (a queue, a future) it is assumed after a second: a thread
 * that has been woken up may have waited that long for a processor, but hardly longer.
 *
 * <p>Used by one thread.
 */
final class StuckCheck {
    /** Looks, 20 ms apart, after which threads that wait are certain to wait for ever, if it is known for what. */
    private static final int LOOKS_IF_KNOWN = 2;

    private static final int LOOKS = 50;

    /** From the documentation of {@link ReentrantLock#toString}. */
    private static final Pattern OWNER = Pattern.compile("\\[Locked by thread (.*)]");

    private final RealRun.Group group;
    private final Program program;
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private Map<Long, Long> waitsBefore = Map.of();
    private int sameLooks;

    StuckCheck(RealRun.Group group, Program program) {
        this.group = group;
        this.program = program;
        for (Field field : program.getClass().getDeclaredFields()) {
            try {
                field.setAccessible(true);
                Object value = field.get(program);
                if (value != null) {
                    fields.put(field.getName(), value);
                }
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("expected to read " + field, e);
            }
        }
    }

    /** Looks once; returns the threads if they wait for ever, otherwise nothing. */
    List<Stuck> look() {
        List<Thread> alive = group.threads();
        Map<Long, Long> waits = waits(alive);
        // How often a thread has waited grows with each wait: if no number has changed, no thread has run in between.
        sameLooks = !waits.isEmpty() && waits.equals(waitsBefore) ? sameLooks + 1 : 0;
        waitsBefore = waits;
        if (sameLooks < LOOKS_IF_KNOWN) {
            return List.of();
        }
        boolean known = true;
        List<Stuck> waiting = new ArrayList<>();
        for (Thread thread : alive) {
            Wait wait = waitOf(thread);
            if (wait == Wait.NONE) {
                return List.of();
            }
            known &= wait.known;
            waiting.add(new Stuck(thread.getName(), lineOf(thread), wait.what, wait.holder));
        }
        return known || sameLooks >= LOOKS ? waiting : List.of();
    }

    /** How often each thread has waited; empty if not all of them wait, without a time limit. */
    private Map<Long, Long> waits(List<Thread> alive) {
        long[] ids = alive.stream().mapToLong(Thread::threadId).toArray();
        Map<Long, Long> waits = new LinkedHashMap<>();
        for (ThreadInfo info : threads.getThreadInfo(ids)) {
            if (info == null
                    || (info.getThreadState() != Thread.State.WAITING
                            && info.getThreadState() != Thread.State.BLOCKED)) {
                return Map.of();
            }
            waits.put(info.getThreadId(), info.getWaitedCount() + info.getBlockedCount());
        }
        return waits;
    }

    /**
     * What a thread waits for.
     *
     * @param known whether it is certain that it waits
     */
    private record Wait(String what, String holder, boolean known) {
        /** It does not wait, or can go on. */
        static final Wait NONE = new Wait("", "", true);
    }

    private Wait waitOf(Thread thread) {
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            if (field.getValue() instanceof ReentrantLock lock && lock.hasQueuedThread(thread)) {
                Matcher owner = OWNER.matcher(lock.toString());
                return owner.find() ? new Wait(field.getKey(), owner.group(1), true) : Wait.NONE;
            }
        }
        Object blocker = LockSupport.getBlocker(thread);
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            if (field.getValue() instanceof Condition condition && condition.equals(blocker)) {
                return new Wait("a signal of " + field.getKey(), "", true);
            }
        }
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length == 0 ? Wait.NONE : new Wait(call(stack), "", false);
    }

    /** The call of the program that waits, such as {@code get()}. */
    private String call(StackTraceElement[] stack) {
        String waits = "work";
        for (StackTraceElement frame : stack) {
            if (isOfScenario(frame)) {
                return "the end of " + waits + "()";
            }
            waits = frame.getMethodName();
        }
        return "work";
    }

    private int lineOf(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (isOfScenario(frame)) {
                return frame.getLineNumber();
            }
        }
        return 0;
    }

    private boolean isOfScenario(StackTraceElement frame) {
        return frame.getClassName().startsWith(program.getClass().getNestHost().getName());
    }
}
