package dev.thrum.simulation.explore.code;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;

/**
 * A class while it is being rewritten: its sites, and the methods that it gets in addition. A reference to a method of the
 * JDK, such as {@code lock::unlock}, becomes one to a new method that calls it, because that call needs a hook.
 */
final class RewrittenClass {
    private final ClassModel model;
    private final String source;
    private final Sites sites;
    private final Hierarchy hierarchy;
    private final List<Bridge> bridges = new ArrayList<>();

    private record Bridge(String name, MethodTypeDesc type, DirectMethodHandleDesc to, int line) {}

    RewrittenClass(ClassModel model, String source, Sites sites, Hierarchy hierarchy) {
        this.model = model;
        this.source = source;
        this.sites = sites;
        this.hierarchy = hierarchy;
    }

    ClassDesc self() {
        return model.thisClass().asSymbol();
    }

    boolean isInterface() {
        return model.flags().has(AccessFlag.INTERFACE);
    }

    Hierarchy hierarchy() {
        return hierarchy;
    }

    String simpleName() {
        return simple(model.thisClass().asInternalName());
    }

    static String simple(String internalName) {
        String name = internalName.substring(internalName.lastIndexOf('/') + 1);
        return name.substring(name.lastIndexOf('$') + 1);
    }

    int instanceKey(String field) {
        return sites.instanceKey(field);
    }

    int staticKey(String owner, String field) {
        return sites.staticKey(owner + "." + field);
    }

    int site(int line, String operation, String what, Site.Access access, int key) {
        String type = model.thisClass().asInternalName().replace('/', '.');
        return sites.add(new Site(type, source, line, operation, what, access, key));
    }

    /** A handle of a new method that does what the given one does. */
    DirectMethodHandleDesc bridgeTo(DirectMethodHandleDesc handle, int line) {
        MethodTypeDesc type = MethodTypeDesc.ofDescriptor(handle.lookupDescriptor());
        boolean isStatic = isStatic(handle);
        MethodTypeDesc whole = isStatic ? type : type.insertParameterTypes(0, handle.owner());
        String name = "thrum$ref$" + bridges.size();
        bridges.add(new Bridge(name, whole, handle, line));
        return MethodHandleDesc.ofMethod(
                isInterface() ? DirectMethodHandleDesc.Kind.INTERFACE_STATIC : DirectMethodHandleDesc.Kind.STATIC,
                self(),
                name,
                whole);
    }

    static boolean isStatic(DirectMethodHandleDesc handle) {
        return handle.kind() == DirectMethodHandleDesc.Kind.STATIC
                || handle.kind() == DirectMethodHandleDesc.Kind.INTERFACE_STATIC;
    }

    void writeBridges(ClassBuilder builder) {
        for (Bridge bridge : bridges) {
            builder.withMethodBody(
                    bridge.name(),
                    bridge.type(),
                    ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC,
                    code -> {
                        for (int i = 0; i < bridge.type().parameterCount(); i++) {
                            code.loadLocal(TypeKind.from(bridge.type().parameterType(i)), code.parameterSlot(i));
                        }
                        new CallWriter(this, code, bridge.line()).write(Invocation.of(bridge.to()));
                        code.return_(TypeKind.from(bridge.type().returnType()));
                    });
        }
    }
}
