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
 * <p>They do if each waits without a time limit, for something that only another of them could do. It is certain for the locks and
 * conditions in fields of the program, after two checks between which no thread has run: a lock reports its holder and the threads
 * that wait for it, and a thread whose signal was given is one of these. For other waits (a queue, a future) it is assumed after a
 * second: a thread that was woken up may wait for a processor, but hardly that long.
 *
 * <p>Used by one thread.
 */
final class StuckCheck {
    /** Checks, 20 ms apart, after which the result is certain for locks and conditions. */
    private static final int CHECKS_IF_CERTAIN = 2;

    private static final int CHECKS = 50;

    /** From the documentation of {@link ReentrantLock#toString}. */
    private static final Pattern OWNER = Pattern.compile("\\[Locked by thread (.*)]");

    private final RealRun.Group group;
    private final Program program;
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private Map<Long, Long> waitsBefore = Map.of();
    private int sameChecks;

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

    /** Checks once; returns the threads if they wait for ever, otherwise nothing. */
    List<Stuck> check() {
        List<Thread> alive = group.threads();
        Map<Long, Long> waits = waits(alive);
        // How often a thread has waited grows with each wait: if no number has changed, no thread has run in between.
        sameChecks = !waits.isEmpty() && waits.equals(waitsBefore) ? sameChecks + 1 : 0;
        waitsBefore = waits;
        if (sameChecks < CHECKS_IF_CERTAIN) {
            return List.of();
        }
        boolean certain = true;
        List<Stuck> waiting = new ArrayList<>();
        for (Thread thread : alive) {
            Wait wait = waitOf(thread);
            if (wait.equals(Wait.NONE)) {
                return List.of();
            }
            certain &= wait.certain;
            waiting.add(new Stuck(thread.getName(), lineOf(thread), wait.what, wait.holder));
        }
        return certain || sameChecks >= CHECKS ? waiting : List.of();
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
     * @param certain whether it is certain that it waits
     */
    private record Wait(String what, String holder, boolean certain) {
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
