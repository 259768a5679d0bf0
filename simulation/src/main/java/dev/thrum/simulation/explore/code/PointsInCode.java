package dev.thrum.simulation.explore.code;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.thrum.simulation.code.TimeRewriter;
import dev.thrum.simulation.explore.code.Site.Access;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.HashSet;
import java.util.Set;

/** Writes the code of one method again, with a call before each access. */
final class PointsInCode implements CodeTransform {
    private static final MethodTypeDesc ON_OBJECT = MethodTypeDesc.of(CD_void, CD_Object, CD_int);
    private static final MethodTypeDesc ON_ELEMENT = MethodTypeDesc.of(CD_void, CD_Object, CD_int, CD_int);
    private static final MethodTypeDesc ON_NOTHING = MethodTypeDesc.of(CD_void, CD_int);
    private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(CD_void);

    private final RewrittenClass target;
    private final boolean initializesClass;

    /** Labels that are behind the current instruction: a branch to one is the end of a loop. */
    private final Set<Label> passed = new HashSet<>();

    private int line;

    /** Whether this is a constructor that has not called that of its superclass yet: its object can't be passed on. */
    private boolean beforeSuper;

    /** Objects that were made but not yet initialized, before the call of the other constructor. */
    private int unfinished;

    /** Whether the next element of an array is one of a table that the compiler has made. */
    private boolean inTable;

    private boolean begun;

    PointsInCode(RewrittenClass target, MethodModel method) {
        String name = method.methodName().stringValue();
        this.target = target;
        this.initializesClass = name.equals("<clinit>");
        this.beforeSuper = name.equals("<init>");
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
        if (initializesClass && !begun) {
            begun = true;
            code.invokestatic(PointRewriter.POINTS, "quiet", NOTHING);
        }
        if (TimeRewriter.redirects(code, element)) {
            return;
        }
        switch (element) {
            case LineNumber number -> {
                line = number.line();
                code.with(element);
            }
            case LabelTarget label -> {
                passed.add(label.label());
                code.with(element);
            }
            case BranchInstruction branch -> {
                if (passed.contains(branch.target())) {
                    int site = target.site(line, "loops", "", Access.READ, Site.WHOLE);
                    code.loadConstant(site).invokestatic(PointRewriter.POINTS, "loop", ON_NOTHING);
                }
                code.with(element);
            }
            case FieldInstruction field -> field(code, field);
            case ArrayLoadInstruction load -> load(code, load);
            case ArrayStoreInstruction store -> store(code, store);
            case MonitorInstruction monitor -> monitor(code, monitor);
            case InvokeInstruction call -> {
                finish(call);
                new CallWriter(target, code, line).write(Invocation.of(call));
            }
            case InvokeDynamicInstruction site -> code.invokedynamic(bridged(site));
            case NewObjectInstruction _ -> {
                unfinished++;
                code.with(element);
            }
            case ReturnInstruction _ -> {
                if (initializesClass) {
                    code.invokestatic(PointRewriter.POINTS, "loud", NOTHING);
                }
                code.with(element);
            }
            default -> code.with(element);
        }
    }

    private void finish(InvokeInstruction call) {
        if (beforeSuper && call.name().equalsString("<init>")) {
            if (unfinished == 0) {
                beforeSuper = false;
            } else {
                unfinished--;
            }
        }
    }

    private void field(CodeBuilder code, FieldInstruction field) {
        String owner = field.owner().asInternalName();
        String name = field.name().stringValue();
        boolean isStatic = field.opcode() == Opcode.GETSTATIC || field.opcode() == Opcode.PUTSTATIC;
        boolean isRead = field.opcode() == Opcode.GETFIELD || field.opcode() == Opcode.GETSTATIC;
        inTable = isStatic && (name.startsWith("$SwitchMap$") || name.equals("$VALUES"));
        if (target.hierarchy().jdk(owner).isPresent()
                || target.hierarchy().isFinal(owner, name)
                || inTable
                || (beforeSuper && !isStatic)) {
            code.with(field);
            return;
        }
        String declaring = target.hierarchy().declaringClass(owner, name);
        int key = isStatic ? target.staticKey(declaring, name) : target.instanceKey(name);
        int site = target.site(
                line,
                isRead ? "reads" : "writes",
                RewrittenClass.simple(declaring) + "." + name,
                isRead ? Access.READ : Access.WRITE,
                key);
        if (isStatic) {
            code.loadConstant(site)
                    .invokestatic(PointRewriter.POINTS, isRead ? "readStatic" : "writeStatic", ON_NOTHING);
        } else if (isRead) {
            code.dup().loadConstant(site).invokestatic(PointRewriter.POINTS, "read", ON_OBJECT);
        } else {
            TypeKind kind = TypeKind.from(field.typeSymbol());
            int value = code.allocateLocal(kind);
            code.storeLocal(kind, value).dup().loadConstant(site);
            code.invokestatic(PointRewriter.POINTS, "write", ON_OBJECT).loadLocal(kind, value);
        }
        code.with(field);
    }

    private void load(CodeBuilder code, ArrayLoadInstruction load) {
        if (inTable) {
            inTable = false;
        } else {
            int site = target.site(line, "reads", "element", Access.READ, Site.WHOLE);
            code.dup2().loadConstant(site).invokestatic(PointRewriter.POINTS, "readElement", ON_ELEMENT);
        }
        code.with(load);
    }

    private void store(CodeBuilder code, ArrayStoreInstruction store) {
        TypeKind kind = store.typeKind().asLoadable();
        int value = code.allocateLocal(kind);
        int site = target.site(line, "writes", "element", Access.WRITE, Site.WHOLE);
        code.storeLocal(kind, value).dup2().loadConstant(site);
        code.invokestatic(PointRewriter.POINTS, "writeElement", ON_ELEMENT).loadLocal(kind, value);
        code.with(store);
    }

    private void monitor(CodeBuilder code, MonitorInstruction monitor) {
        if (monitor.opcode() == Opcode.MONITORENTER) {
            int site = target.site(line, "enters", "monitor", Access.WRITE, Site.WHOLE);
            code.loadConstant(site).invokestatic(PointRewriter.POINTS, "enter", ON_OBJECT);
        } else {
            code.invokestatic(PointRewriter.POINTS, "exit", MethodTypeDesc.of(CD_void, CD_Object));
        }
    }

    private DynamicCallSiteDesc bridged(InvokeDynamicInstruction site) {
        ConstantDesc[] arguments = site.bootstrapArgs().stream()
                .map(argument -> argument instanceof DirectMethodHandleDesc handle && needsBridge(handle)
                        ? target.bridgeTo(handle, line)
                        : argument)
                .toArray(ConstantDesc[]::new);
        return DynamicCallSiteDesc.of(site.bootstrapMethod(), site.name().stringValue(), site.typeSymbol(), arguments);
    }

    private boolean needsBridge(DirectMethodHandleDesc handle) {
        return switch (handle.kind()) {
            case STATIC, INTERFACE_STATIC, VIRTUAL, INTERFACE_VIRTUAL ->
                CallWriter.needsHook(target.hierarchy(), Invocation.of(handle));
            default -> false;
        };
    }
}
