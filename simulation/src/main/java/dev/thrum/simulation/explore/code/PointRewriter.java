package dev.thrum.simulation.explore.code;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;

/**
 * Rewrites class files: a call of {@code Points} before each access to something that threads share. The redirection of
 * time is done in the same pass.
 *
 * <p>A synchronized method becomes one that calls another with its old body, between entering and leaving the monitor.
 * Monitors are not the JVM's any more: the explorer keeps them, so that it knows who waits.
 */
final class PointRewriter {
    /** The classes that rewritten code calls, by name: they are in a package above this one. */
    static final ClassDesc POINTS = ClassDesc.of("dev.thrum.simulation.explore.run.Points");

    static final ClassDesc CALLS = ClassDesc.of("dev.thrum.simulation.explore.run.Calls");
    static final ClassDesc THREAD_CALLS = ClassDesc.of("dev.thrum.simulation.explore.run.ThreadCalls");

    private final Sites sites;
    private final Hierarchy hierarchy;
    private final ClassFile classFile;

    PointRewriter(Sites sites, ClassLoader loader) {
        this.sites = sites;
        this.hierarchy = new Hierarchy(loader);
        this.classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(loader).orElse(ClassHierarchyResolver.defaultResolver())));
    }

    byte[] rewrite(byte[] original) {
        ClassModel model = classFile.parse(original);
        RewrittenClass target = new RewrittenClass(model, sourceOf(model), sites, hierarchy);
        return classFile.transformClass(model, new ClassTransform() {
            @Override
            public void accept(ClassBuilder builder, ClassElement element) {
                if (element instanceof MethodModel method && method.code().isPresent()) {
                    rewrite(builder, method, target);
                } else {
                    builder.with(element);
                }
            }

            @Override
            public void atEnd(ClassBuilder builder) {
                target.writeBridges(builder);
            }
        });
    }

    private static String sourceOf(ClassModel model) {
        return model.findAttribute(Attributes.sourceFile())
                .map(SourceFileAttribute::sourceFile)
                .map(Object::toString)
                .orElse(model.thisClass().name().stringValue());
    }

    private static void rewrite(ClassBuilder builder, MethodModel method, RewrittenClass target) {
        if (!method.flags().has(AccessFlag.SYNCHRONIZED)) {
            builder.transformMethod(method, MethodTransform.transformingCode(new PointsInCode(target, method)));
            return;
        }
        String inner = "thrum$" + method.methodName().stringValue();
        boolean isStatic = method.flags().has(AccessFlag.STATIC);
        int flags = ClassFile.ACC_PRIVATE | ClassFile.ACC_SYNTHETIC | (isStatic ? ClassFile.ACC_STATIC : 0);
        builder.withMethod(
                inner,
                method.methodTypeSymbol(),
                flags,
                body -> body.transformCode(method.code().orElseThrow(), new PointsInCode(target, method)));
        builder.transformMethod(method, (methodBuilder, element) -> {
            switch (element) {
                case java.lang.classfile.AccessFlags access ->
                    methodBuilder.withFlags(access.flagsMask() & ~ClassFile.ACC_SYNCHRONIZED);
                case java.lang.classfile.CodeModel _ ->
                    methodBuilder.withCode(code -> writeGuarded(code, target, method, inner));
                default -> methodBuilder.with(element);
            }
        });
    }

    /** The code {@code enter; try { inner } finally { exit }}. */
    private static void writeGuarded(CodeBuilder code, RewrittenClass target, MethodModel method, String inner) {
        boolean isStatic = method.flags().has(AccessFlag.STATIC);
        Runnable monitor = () -> {
            if (isStatic) {
                code.ldc(target.self());
            } else {
                code.aload(0);
            }
        };
        int site = target.site(0, "enters", "the monitor of " + target.simpleName(), Site.Access.WRITE, Site.WHOLE);
        monitor.run();
        code.loadConstant(site)
                .invokestatic(
                        POINTS,
                        "enter",
                        MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object, ConstantDescs.CD_int));
        code.trying(
                tried -> {
                    if (!isStatic) {
                        tried.aload(0);
                    }
                    MethodTypeDesc type = method.methodTypeSymbol();
                    for (int i = 0; i < type.parameterCount(); i++) {
                        tried.loadLocal(TypeKind.from(type.parameterType(i)), tried.parameterSlot(i));
                    }
                    if (isStatic) {
                        tried.invokestatic(target.self(), inner, type, target.isInterface());
                    } else {
                        tried.invokespecial(target.self(), inner, type, target.isInterface());
                    }
                    writeExit(tried, isStatic, target);
                    tried.return_(TypeKind.from(type.returnType()));
                },
                handlers -> handlers.catchingAll(handler -> {
                    writeExit(handler, isStatic, target);
                    handler.athrow();
                }));
    }

    private static void writeExit(CodeBuilder code, boolean isStatic, RewrittenClass target) {
        if (isStatic) {
            code.ldc(target.self());
        } else {
            code.aload(0);
        }
        code.invokestatic(POINTS, "exit", MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object));
    }
}
