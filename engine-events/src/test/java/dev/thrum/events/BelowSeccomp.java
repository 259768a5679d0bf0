package dev.thrum.events;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A program that puts a seccomp filter (seccomp(2)) in front of itself and becomes another program by execve(2),
 * as a container does. Arguments: a rule such as {@code 427,22,1=22}, which is the number of a system call, that of the error with which it is
 * refused, and the values that its arguments must have (counted from 0); and the command.
 */
@SuppressWarnings("restricted") // It is about system calls.
final class BelowSeccomp {
    private static final int PR_SET_SECCOMP = 22;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int MODE_FILTER = 2;

    // Instructions of a filter (linux/filter.h) and its results (linux/seccomp.h).
    private static final int LOAD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int ALLOW = 0x7fff_0000;
    private static final int ERROR = 0x0005_0000;

    // Offsets in seccomp_data: the number of the call, and its arguments, of which the lower halves are looked at.
    private static final int NUMBER = 0;
    private static final int ARGUMENTS = 16;

    private static final Linker LINKER = Linker.nativeLinker();

    private BelowSeccomp() {}

    public static void main(String[] args) throws Throwable {
        // Confined to this thread, which the new program inherits.
        install(filter(args[0].split(",", -1)));
        execute(Arrays.asList(args).subList(1, args.length));
    }

    private static int[][] filter(String[] rule) {
        List<int[]> filter = new ArrayList<>();
        int conditions = rule.length - 1;
        equal(filter, NUMBER, Integer.parseInt(rule[0]), conditions);
        for (int i = 2; i < rule.length; i++) {
            String[] condition = rule[i].split("=", -1);
            equal(
                    filter,
                    ARGUMENTS + Long.BYTES * Integer.parseInt(condition[0]),
                    Integer.parseInt(condition[1]),
                    --conditions);
        }
        filter.add(new int[] {RETURN, 0, 0, ERROR | Integer.parseInt(rule[1])});
        filter.add(new int[] {RETURN, 0, 0, ALLOW});
        return filter.toArray(int[][]::new);
    }

    /** If the value is another one, jumps to the last instruction: behind the other conditions and the error. */
    private static void equal(List<int[]> filter, int offset, int value, int conditions) {
        filter.add(new int[] {LOAD, 0, 0, offset});
        filter.add(new int[] {JUMP_IF_EQUAL, 0, 2 * (conditions - 1) + 1, value});
    }

    private static void install(int[][] filter) throws Throwable {
        MethodHandle prctl = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("prctl"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.firstVariadicArg(1));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment instructions = arena.allocate(8L * filter.length, 8);
            for (int i = 0; i < filter.length; i++) {
                instructions.set(JAVA_SHORT, 8L * i, (short) filter[i][0]);
                instructions.set(JAVA_BYTE, 8L * i + 2, (byte) filter[i][1]);
                instructions.set(JAVA_BYTE, 8L * i + 3, (byte) filter[i][2]);
                instructions.set(JAVA_INT, 8L * i + 4, filter[i][3]);
            }
            MemorySegment program = arena.allocate(MemoryLayout.structLayout(JAVA_LONG, ADDRESS));
            program.set(JAVA_SHORT, 0, (short) filter.length);
            program.set(ADDRESS, 8, instructions);
            require((int) prctl.invokeExact(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L), "PR_SET_NO_NEW_PRIVS");
            require(
                    (int) prctl.invokeExact(PR_SET_SECCOMP, (long) MODE_FILTER, program.address(), 0L, 0L),
                    "PR_SET_SECCOMP");
        }
    }

    private static void require(int result, String step) {
        if (result != 0) {
            throw new IllegalStateException("expected a seccomp filter but " + step + " failed");
        }
    }

    /** Returns only with an exception. */
    private static void execute(List<String> command) throws Throwable {
        MethodHandle execv = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("execv"), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment arguments = arena.allocate(ADDRESS, command.size() + 1L);
            for (int i = 0; i < command.size(); i++) {
                arguments.setAtIndex(ADDRESS, i, arena.allocateFrom(command.get(i)));
            }
            int result = (int) execv.invokeExact(arguments.getAtIndex(ADDRESS, 0), arguments);
            throw new IllegalStateException(
                    "expected to become " + command.getFirst() + " but execv returned " + result);
        }
    }
}
