package dev.thrum.simulation.explore.code;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.thrum.simulation.explore.code.Site.Access;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes calls, with hooks around those that reach the JDK. */
final class CallWriter {
    private static final ClassDesc EXECUTOR = ClassDesc.of("java.util.concurrent.Executor");
    private static final Set<String> READING_RULES = Set.of(
            "awaitLatch", "awaitDone", "joinDone", "join", "isAlive", "getState", "isInterrupted", "awaitTermination");

    private final RewrittenClass target;
    private final CodeBuilder code;
    private final int line;

    CallWriter(RewrittenClass target, CodeBuilder code, int line) {
        this.target = target;
        this.code = code;
        this.line = line;
    }

    /** Whether a call of this method needs a hook: then a reference to it needs a bridge. */
    static boolean needsHook(Hierarchy hierarchy, Invocation call) {
        Optional<Class<?>> owner = jdkOwner(hierarchy, call);
        if (owner.isEmpty() || call.isConstructor()) {
            return false;
        }
        CallRule rule = CallRule.find(owner.get(), call.name());
        if (rule != null) {
            return rule.kind() != CallRule.Kind.NONE;
        }
        return JdkCalls.usesCommonPool(owner.get(), call.name(), List.of())
                || !JdkCalls.isHarmless(owner.get())
                || call.name().equals("arraycopy");
    }

    private static Optional<Class<?>> jdkOwner(Hierarchy hierarchy, Invocation call) {
        return hierarchy.jdkOwner(call.ownerName(), call.name() + call.type().descriptorString());
    }

    void write(Invocation call) {
        Optional<Class<?>> owner = jdkOwner(target.hierarchy(), call);
        if (owner.isEmpty()) {
            plain(call);
        } else if (call.isConstructor()) {
            construct(call, owner.get());
        } else if (isHandle(owner.get()) && !call.isStatic()) {
            accessByHandle(call);
        } else {
            ofJdk(call, owner.get());
        }
    }

    /** Whether objects of a class give access to fields of other objects, which are then the first argument. */
    private static boolean isHandle(Class<?> owner) {
        return owner == VarHandle.class || owner.getName().endsWith("FieldUpdater");
    }

    private void ofJdk(Invocation call, Class<?> owner) {
        CallRule rule = CallRule.find(owner, call.name());
        if (rule != null) {
            apply(call, rule);
        } else if (JdkCalls.usesCommonPool(owner, call.name(), parameters(call))) {
            onOwnThreads(call);
        } else if (call.isStatic()) {
            callStatic(call, owner);
        } else if (JdkCalls.isHarmless(owner) || (call.opcode() == Opcode.INVOKESPECIAL && owner == Object.class)) {
            plain(call);
        } else {
            generic(call, owner);
        }
    }

    private void plain(Invocation call) {
        code.invoke(call.opcode(), call.owner(), call.name(), call.type(), call.ofInterface());
    }

    private void apply(Invocation call, CallRule rule) {
        Access access = READING_RULES.contains(rule.hook()) ? Access.READ : Access.WRITE;
        switch (rule.kind()) {
            case NONE -> plain(call);
            case GUARD -> guard(call, rule, access);
            case LIMIT -> {
                int time = call.type().parameterList().indexOf(CD_long);
                if (time < 0) {
                    guard(call, rule, access);
                } else {
                    limit(call, rule, access, time);
                }
            }
            case REPLACE -> {
                code.loadConstant(site(call, access));
                MethodTypeDesc type = call.type();
                if (!call.isStatic()) {
                    type = type.insertParameterTypes(0, CD_Object);
                }
                code.invokestatic(
                        rule.hookOwner(), rule.hook(), type.insertParameterTypes(type.parameterCount(), CD_int));
            }
            case AFTER -> after(call, rule);
        }
    }

    private void guard(Invocation call, CallRule rule, Access access) {
        int[] slots = spill(call.type());
        code.dup();
        reload(call.type(), slots);
        code.loadConstant(site(call, access));
        code.invokestatic(rule.hookOwner(), rule.hook(), hookType(call.type(), CD_void));
        reload(call.type(), slots);
        plain(call);
    }

    private void limit(Invocation call, CallRule rule, Access access, int time) {
        int[] slots = spill(call.type());
        code.dup();
        reload(call.type(), slots);
        code.loadConstant(site(call, access));
        code.invokestatic(rule.hookOwner(), rule.hook(), hookType(call.type(), CD_long));
        code.lstore(slots[time]);
        reload(call.type(), slots);
        plain(call);
    }

    private static MethodTypeDesc hookType(MethodTypeDesc type, ClassDesc result) {
        MethodTypeDesc all = type.insertParameterTypes(0, CD_Object);
        return all.insertParameterTypes(all.parameterCount(), CD_int).changeReturnType(result);
    }

    private void after(Invocation call, CallRule rule) {
        int[] slots = spill(call.type());
        int receiver = code.allocateLocal(TypeKind.REFERENCE);
        code.dup().astore(receiver);
        reload(call.type(), slots);
        plain(call);
        code.dup().aload(receiver);
        code.invokestatic(rule.hookOwner(), rule.hook(), MethodTypeDesc.of(CD_void, CD_Object, CD_Object));
    }

    private void generic(Invocation call, Class<?> owner) {
        Access access = JdkCalls.reads(owner, call.name()) ? Access.READ : Access.WRITE;
        if (JdkCalls.usesAnother(call.name())) {
            global(call, access);
            plain(call);
            return;
        }
        int[] slots = spill(call.type());
        code.dup();
        code.loadConstant(site(call, access));
        code.invokestatic(PointRewriter.POINTS, "call", MethodTypeDesc.of(CD_void, CD_Object, CD_int));
        if (JdkCalls.derives(call.name()) && !call.type().returnType().isPrimitive()) {
            int receiver = code.allocateLocal(TypeKind.REFERENCE);
            code.dup().astore(receiver);
            reload(call.type(), slots);
            plain(call);
            code.dup().aload(receiver);
            code.invokestatic(PointRewriter.POINTS, "derived", MethodTypeDesc.of(CD_void, CD_Object, CD_Object));
        } else {
            reload(call.type(), slots);
            plain(call);
        }
    }

    private void callStatic(Invocation call, Class<?> owner) {
        if (call.name().equals("arraycopy")) {
            global(call, Access.WRITE);
        } else if (!JdkCalls.isHarmless(owner)) {
            Access access = JdkCalls.readsStatic(call.name()) ? Access.READ : Access.WRITE;
            List<Class<?>> parameters = parameters(call);
            long containers = parameters.stream().filter(JdkCalls::isContainer).count();
            if (containers > 1) {
                global(call, access);
            } else if (containers == 1) {
                useArgument(call, access, parameters);
            }
        }
        plain(call);
    }

    /** A constructor that copies a collection reads it. */
    private void construct(Invocation call, Class<?> owner) {
        List<Class<?>> parameters = parameters(call);
        if (Collection.class.isAssignableFrom(owner) || Map.class.isAssignableFrom(owner)) {
            if (parameters.stream().anyMatch(JdkCalls::isContainer)) {
                useArgument(call, Access.READ, parameters);
            }
        }
        plain(call);
    }

    private void useArgument(Invocation call, Access access, List<Class<?>> parameters) {
        int[] slots = spill(call.type());
        for (int i = 0; i < slots.length; i++) {
            if (JdkCalls.isContainer(parameters.get(i))) {
                code.aload(slots[i]).loadConstant(site(call, access));
                code.invokestatic(PointRewriter.POINTS, "call", MethodTypeDesc.of(CD_void, CD_Object, CD_int));
                break;
            }
        }
        reload(call.type(), slots);
    }

    private void accessByHandle(Invocation call) {
        Access access = JdkCalls.reads(VarHandle.class, call.name()) ? Access.READ : Access.WRITE;
        MethodTypeDesc type = call.type();
        if (type.parameterCount() == 0 || type.parameterType(0).isPrimitive()) {
            global(call, access);
            plain(call);
            return;
        }
        int[] slots = spill(type);
        boolean element = type.parameterType(0).isArray()
                && type.parameterCount() > 1
                && type.parameterType(1).equals(CD_int);
        code.aload(slots[0]);
        if (element) {
            code.iload(slots[1]);
        }
        code.loadConstant(site(call, access));
        code.invokestatic(
                PointRewriter.POINTS,
                element ? (access == Access.READ ? "readElement" : "writeElement") : "whole",
                element
                        ? MethodTypeDesc.of(CD_void, CD_Object, CD_int, CD_int)
                        : MethodTypeDesc.of(CD_void, CD_Object, CD_int));
        reload(type, slots);
        plain(call);
    }

    /** A future's function that would run in the JDK's own pool gets a thread that is scheduled. */
    private void onOwnThreads(Invocation call) {
        code.invokestatic(PointRewriter.THREAD_CALLS, "executor", MethodTypeDesc.of(EXECUTOR));
        MethodTypeDesc type = call.type();
        Invocation other = new Invocation(
                call.opcode(),
                call.owner(),
                call.name(),
                type.insertParameterTypes(type.parameterCount(), EXECUTOR),
                call.ofInterface());
        if (call.isStatic()) {
            plain(other);
        } else {
            int[] slots = spill(other.type());
            code.dup().loadConstant(site(call, Access.WRITE));
            code.invokestatic(PointRewriter.POINTS, "call", MethodTypeDesc.of(CD_void, CD_Object, CD_int));
            reload(other.type(), slots);
            plain(other);
        }
    }

    private void global(Invocation call, Access access) {
        code.loadConstant(site(call, access));
        code.invokestatic(PointRewriter.POINTS, "global", MethodTypeDesc.of(CD_void, CD_int));
    }

    private int site(Invocation call, Access access) {
        return target.site(
                line, "calls", RewrittenClass.simple(call.ownerName()) + "." + call.name(), access, Site.WHOLE);
    }

    private List<Class<?>> parameters(Invocation call) {
        List<Class<?>> types = new ArrayList<>();
        for (ClassDesc type : call.type().parameterList()) {
            if (type.isArray()) {
                types.add(Object[].class);
            } else if (type.isPrimitive()) {
                types.add(int.class);
            } else {
                String name = type.descriptorString()
                        .substring(1, type.descriptorString().length() - 1);
                types.add(target.hierarchy().jdk(name).orElse(Object.class));
            }
        }
        return types;
    }

    private int[] spill(MethodTypeDesc type) {
        int[] slots = new int[type.parameterCount()];
        for (int i = slots.length - 1; i >= 0; i--) {
            TypeKind kind = TypeKind.from(type.parameterType(i));
            slots[i] = code.allocateLocal(kind);
            code.storeLocal(kind, slots[i]);
        }
        return slots;
    }

    private void reload(MethodTypeDesc type, int[] slots) {
        for (int i = 0; i < slots.length; i++) {
            code.loadLocal(TypeKind.from(type.parameterType(i)), slots[i]);
        }
    }
}
