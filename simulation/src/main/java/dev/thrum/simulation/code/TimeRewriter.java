package dev.thrum.simulation.code;

import dev.thrum.base.LiveRecords;
import dev.thrum.base.Threads;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A rewriter of class files that redirects their calls for the JDK's time, and for Thrum's clock of the system,
 * daemon threads and records.
 *
 * <p>A call of a static method becomes a call of {@link SimulatedTime}'s method with the same descriptor; a call of
 * an instance method becomes one with the receiver as the first parameter. Neither changes the operand stack, so the
 * rest of the code stays as it is. Method references are constants of the {@code invokedynamic} instruction and are
 * replaced there.
 */
public final class TimeRewriter {
    private static final ClassDesc TARGET = desc(SimulatedTime.class);
    static final Map<Call, Call> REDIRECTED = redirected();

    record Call(ClassDesc owner, String name, MethodTypeDesc type, boolean isStatic) {}

    private TimeRewriter() {}

    /** The class file with its calls redirected; the same array if it has none. */
    public static byte[] rewrite(byte[] original, ClassLoader loader) {
        ClassFile classFile = ClassFile.of(
                ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(loader)));
        ClassModel model = classFile.parse(original);
        if (model.methods().stream().noneMatch(TimeRewriter::asksForTime)) {
            return original;
        }
        CodeTransform redirect = (code, element) -> {
            if (!redirects(code, element)) {
                code.with(element);
            }
        };
        return classFile.transformClass(
                model, ClassTransform.transformingMethodBodies(TimeRewriter::asksForTime, redirect));
    }

    /** Writes the replacement of an instruction and returns true, if it is one that must be replaced. */
    public static boolean redirects(CodeBuilder code, CodeElement element) {
        if (!asksForTime(element)) {
            return false;
        }
        switch (element) {
            case InvokeInstruction call ->
                code.invokestatic(
                        TARGET,
                        target(call).orElseThrow().name(),
                        target(call).orElseThrow().type());
            case InvokeDynamicInstruction site -> code.invokedynamic(redirect(site));
            default -> throw new IllegalStateException("expected a call but was " + element);
        }
        return true;
    }

    private static boolean asksForTime(MethodModel method) {
        return method.code().stream().flatMap(code -> code.elementStream()).anyMatch(TimeRewriter::asksForTime);
    }

    private static boolean asksForTime(CodeElement element) {
        return switch (element) {
            case InvokeInstruction call -> target(call).isPresent();
            case InvokeDynamicInstruction site ->
                site.bootstrapArgs().stream()
                        .anyMatch(argument -> target(argument).isPresent());
            default -> false;
        };
    }

    private static DynamicCallSiteDesc redirect(InvokeDynamicInstruction site) {
        ConstantDesc[] arguments = site.bootstrapArgs().stream()
                .map(argument ->
                        target(argument).<ConstantDesc>map(TimeRewriter::handle).orElse(argument))
                .toArray(ConstantDesc[]::new);
        return DynamicCallSiteDesc.of(site.bootstrapMethod(), site.name().stringValue(), site.typeSymbol(), arguments);
    }

    private static DirectMethodHandleDesc handle(Call call) {
        return MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, TARGET, call.name(), call.type());
    }

    private static Optional<Call> target(InvokeInstruction call) {
        boolean isStatic = call.opcode() == Opcode.INVOKESTATIC;
        return Optional.ofNullable(REDIRECTED.get(
                new Call(call.owner().asSymbol(), call.name().stringValue(), call.typeSymbol(), isStatic)));
    }

    private static Optional<Call> target(ConstantDesc argument) {
        if (!(argument instanceof DirectMethodHandleDesc handle)) {
            return Optional.empty();
        }
        return switch (handle.kind()) {
            case STATIC, VIRTUAL ->
                Optional.ofNullable(REDIRECTED.get(new Call(
                        handle.owner(),
                        handle.methodName(),
                        MethodTypeDesc.ofDescriptor(handle.lookupDescriptor()),
                        handle.kind() == DirectMethodHandleDesc.Kind.STATIC)));
            default -> Optional.empty();
        };
    }

    private static Map<Call, Call> redirected() {
        Map<Call, Call> calls = new HashMap<>();
        redirectStatic(calls, Thread.class, "sleep", "sleep", void.class, long.class);
        redirectStatic(calls, Thread.class, "sleep", "sleep", void.class, long.class, int.class);
        redirectStatic(calls, Thread.class, "sleep", "sleep", void.class, Duration.class);
        redirectStatic(calls, LockSupport.class, "parkNanos", "parkNanos", void.class, long.class);
        redirectStatic(calls, LockSupport.class, "parkNanos", "parkNanos", void.class, Object.class, long.class);
        redirectStatic(calls, LockSupport.class, "parkUntil", "parkUntil", void.class, long.class);
        redirectStatic(calls, LockSupport.class, "parkUntil", "parkUntil", void.class, Object.class, long.class);
        redirectStatic(calls, System.class, "nanoTime", "nanoTime", long.class);
        redirectStatic(calls, System.class, "currentTimeMillis", "currentTimeMillis", long.class);
        redirectStatic(calls, Instant.class, "now", "instantNow", Instant.class);
        for (Class<?> date : List.of(
                LocalDate.class,
                LocalTime.class,
                LocalDateTime.class,
                ZonedDateTime.class,
                OffsetDateTime.class,
                OffsetTime.class,
                Year.class,
                YearMonth.class,
                MonthDay.class)) {
            String simple = date.getSimpleName();
            String to = Character.toLowerCase(simple.charAt(0)) + simple.substring(1) + "Now";
            redirectStatic(calls, date, "now", to, date);
            redirectStatic(calls, date, "now", to, date, ZoneId.class);
        }
        for (String name : List.of("systemUTC", "systemDefaultZone")) {
            redirectStatic(calls, Clock.class, name, name, Clock.class);
        }
        for (String name : List.of("system", "tickMillis", "tickSeconds", "tickMinutes")) {
            redirectStatic(calls, Clock.class, name, name, Clock.class, ZoneId.class);
        }
        redirectStatic(calls, InstantSource.class, "system", "instantSource", InstantSource.class);
        redirectStatic(calls, dev.thrum.base.Clock.class, "system", "clock", dev.thrum.base.Clock.class);
        redirectStatic(calls, Threads.class, "daemon", "daemon", Thread.class, String.class, Runnable.class);
        redirectStatic(calls, LiveRecords.class, "areKept", "areLiveRecordsKept", boolean.class);
        redirectStatic(calls, Threads.class, "daemons", "daemons", ThreadFactory.class, String.class);
        MethodTypeDesc sleep = type(void.class, long.class);
        calls.put(
                new Call(desc(TimeUnit.class), "sleep", sleep, false),
                new Call(TARGET, "sleep", sleep.insertParameterTypes(0, desc(TimeUnit.class)), true));
        return Map.copyOf(calls);
    }

    private static void redirectStatic(
            Map<Call, Call> calls, Class<?> owner, String name, String to, Class<?> result, Class<?>... parameters) {
        MethodTypeDesc type = type(result, parameters);
        calls.put(new Call(desc(owner), name, type, true), new Call(TARGET, to, type, true));
    }

    private static MethodTypeDesc type(Class<?> result, Class<?>... parameters) {
        ClassDesc[] descs = Arrays.stream(parameters).map(TimeRewriter::desc).toArray(ClassDesc[]::new);
        return MethodTypeDesc.of(desc(result), descs);
    }

    private static ClassDesc desc(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }
}
