package dev.thrum.simulation.junit;

import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.Trial;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Runs a test method in a simulation for each seed, in place of its call. */
final class SeededRuns implements InvocationInterceptor, ParameterResolver {
    /** The only seed that is to run; {@link Trial#check} knows it, too. */
    private static final String PROPERTY = "thrum.seed";

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Simulation.class
                && parameter.getDeclaringExecutable() instanceof Method method
                && AnnotationSupport.isAnnotated(method, SimulationTest.class);
    }

    /** Each seed has a simulation of its own, so there is none yet. */
    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return null;
    }

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context) {
        invocation.skip();
        TestMethods.requireFlag();
        Method method = call.getExecutable();
        if (!List.of(method.getParameterTypes()).equals(List.of(Simulation.class))) {
            throw new IllegalArgumentException("expected " + method.getName() + " of "
                    + method.getDeclaringClass().getName() + " to have one parameter, a Simulation");
        }
        SimulationTest test =
                AnnotationSupport.findAnnotation(method, SimulationTest.class).orElseThrow();
        if (test.seeds() < 1) {
            throw new IllegalArgumentException("expected at least 1 seed but was " + test.seeds());
        }
        Trial trial = trial(test, call.getTargetClass(), method);
        if (test.only().length == 0 || Long.getLong(PROPERTY) != null) {
            context.publishReportEntry("seeds", String.valueOf(trial.check(test.seeds())));
            return;
        }
        for (long seed : test.only()) {
            trial.run(seed);
        }
    }

    private static Trial trial(SimulationTest test, Class<?> type, Method method) {
        return Trial.ofMethod(type, TestMethods.setUp(type), method, test.shared())
                .withFaults(test.faults().faults())
                .tolerating(test.tolerating())
                .withRepeat(seed -> "@SimulationTest(only = " + seed + "), or\n  "
                        + TestMethods.command(type, method, PROPERTY + "=" + seed));
    }
}
