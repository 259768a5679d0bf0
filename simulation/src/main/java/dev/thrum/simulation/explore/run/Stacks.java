package dev.thrum.simulation.explore.run;

import dev.thrum.simulation.explore.code.ExploredCode;
import java.util.Arrays;
import java.util.List;

/** Where threads are, for messages. */
final class Stacks {
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private Stacks() {}

    /** The frame of the program in which a thread waits. */
    static String topOf(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .filter(frame -> isOfProgram(frame.getClassName()))
                .findFirst()
                .map(StackTraceElement::toString)
                .orElse("code of the JDK");
    }

    /** The frame of the program that is calling. */
    static String here() {
        return WALKER.walk(frames -> frames.filter(frame -> isOfProgram(frame.getClassName()))
                .findFirst()
                .map(frame -> frame.toStackTraceElement().toString())
                .orElse("code of the JDK"));
    }

    /** The lines of the program that have led to where a thread is, such as {@code Account.java:12}, innermost first. */
    static List<String> placesOf(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .filter(frame -> ExploredCode.NAME.equals(frame.getClassLoaderName()))
                .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .toList();
    }

    /** Whether the calling thread runs code of this loader. */
    static boolean isIn(ClassLoader loader) {
        return WALKER.walk(frames ->
                frames.anyMatch(frame -> loader.equals(frame.getDeclaringClass().getClassLoader())));
    }

    private static boolean isOfProgram(String type) {
        return !type.startsWith("java.")
                && !type.startsWith("jdk.")
                && !type.startsWith("dev.thrum.simulation.explore.run.");
    }
}
