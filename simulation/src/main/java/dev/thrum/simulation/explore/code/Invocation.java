package dev.thrum.simulation.explore.code;

import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;

/** A call in the code of a program. */
record Invocation(Opcode opcode, ClassDesc owner, String name, MethodTypeDesc type, boolean ofInterface) {
    static Invocation of(InvokeInstruction call) {
        return new Invocation(
                call.opcode(),
                call.owner().asSymbol(),
                call.name().stringValue(),
                call.typeSymbol(),
                call.isInterface());
    }

    static Invocation of(DirectMethodHandleDesc handle) {
        Opcode opcode = switch (handle.kind()) {
            case STATIC, INTERFACE_STATIC -> Opcode.INVOKESTATIC;
            case INTERFACE_VIRTUAL -> Opcode.INVOKEINTERFACE;
            default -> Opcode.INVOKEVIRTUAL;
        };
        return new Invocation(
                opcode,
                handle.owner(),
                handle.methodName(),
                MethodTypeDesc.ofDescriptor(handle.lookupDescriptor()),
                handle.isOwnerInterface());
    }

    boolean isStatic() {
        return opcode == Opcode.INVOKESTATIC;
    }

    boolean isConstructor() {
        return name.equals("<init>");
    }

    /** The name of the owner's class file, with slashes; that of an array begins with a bracket. */
    String ownerName() {
        String descriptor = owner.descriptorString();
        return owner.isArray() ? descriptor : descriptor.substring(1, descriptor.length() - 1);
    }
}
