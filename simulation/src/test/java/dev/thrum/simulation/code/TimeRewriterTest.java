package dev.thrum.simulation.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.code.TimeRewriter.Call;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.junit.jupiter.api.Test;

class TimeRewriterTest {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    @Test
    void bothMethods_exist_forEveryCallThatIsRedirected() throws ReflectiveOperationException {
        assertThat(TimeRewriter.REDIRECTED).hasSizeGreaterThan(25);
        for (var redirect : TimeRewriter.REDIRECTED.entrySet()) {
            MethodHandle from = resolve(redirect.getKey());
            MethodHandle to = resolve(redirect.getValue());
            // Including the receiver, both take the same types from the operand stack and leave the same type on it.
            assertThat(to.type()).as("replacement of %s", redirect.getKey()).isEqualTo(from.type());
        }
    }

    private static MethodHandle resolve(Call call) throws ReflectiveOperationException {
        Class<?> owner = (Class<?>) call.owner().resolveConstantDesc(LOOKUP);
        MethodType type = call.type().resolveConstantDesc(LOOKUP);
        return call.isStatic()
                ? LOOKUP.findStatic(owner, call.name(), type)
                : LOOKUP.findVirtual(owner, call.name(), type);
    }
}
