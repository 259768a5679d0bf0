package dev.thrum.simulation.junit;

import dev.thrum.simulation.explore.ExplorationFailure;
import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Search;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/** Explores the actors of a test class, in place of the call of the test method. */
final class Exploration implements InvocationInterceptor {
    /** The schedule that is to be replayed. */
    private static final String PROPERTY = "thrum.schedule";

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context) {
        invocation.skip();
        TestMethods.requireFlag();
        Method method = call.getExecutable();
        ExploreTest test =
                AnnotationSupport.findAnnotation(method, ExploreTest.class).orElseThrow();
        Class<?> type = call.getTargetClass();
        Explorer explorer = Explorer.ofMethods(type, TestMethods.setUp(type), actors(type), method)
                .withTimeouts(test.timeouts())
                .withSteps(test.steps());
        String schedule = System.getProperty(PROPERTY, test.replay());
        if (schedule.isEmpty()) {
            explore(explorer, test, type, method, context);
        } else {
            ExplorationReport report = explorer.replay(schedule);
            failOnFindings(report, type, method);
            throw new TestAbortedException("the schedule " + schedule
                    + " shows nothing wrong; without replay, and without the property " + PROPERTY
                    + ", all schedules are run");
        }
    }

    private static void explore(
            Explorer explorer, ExploreTest test, Class<?> type, Method method, ExtensionContext context) {
        ExplorationReport report = explorer.withSearch(search(test))
                .withBudget(test.schedules(), Duration.ofDays(1))
                .explore();
        failOnFindings(report, type, method);
        if (!report.exhausted()) {
            throw new AssertionError("expected at most " + test.schedules()
                    + " schedules but some are left: limit them with preemptions = 2, raise the limit with schedules = ..., or"
                    + " do less in the actors\n" + report);
        }
        context.publishReportEntry("explored", report.toString());
    }

    private static Search search(ExploreTest test) {
        return test.preemptions() == ExploreTest.UNLIMITED ? Search.systematic() : Search.bounded(test.preemptions());
    }

    private static void failOnFindings(ExplorationReport report, Class<?> type, Method method) {
        if (!report.findings().isEmpty()) {
            throw new ExplorationFailure(
                    report,
                    schedule -> "@ExploreTest(replay = \"" + schedule + "\"), or\n  "
                            + TestMethods.command(type, method, PROPERTY + "=" + schedule));
        }
    }

    /** The methods that run at the same time, by name; each as often as it has threads. */
    private static List<Method> actors(Class<?> type) {
        List<Method> methods = TestMethods.annotated(type, Actor.class).stream()
                .sorted(Comparator.comparing(Method::getName))
                .toList();
        if (methods.isEmpty()) {
            throw new IllegalArgumentException("expected " + type.getName()
                    + " to have methods with @Actor, which run at the same time, but there is none");
        }
        return methods.stream()
                .flatMap(method -> Collections.nCopies(threads(method), method).stream())
                .toList();
    }

    private static int threads(Method method) {
        int threads = AnnotationSupport.findAnnotation(method, Actor.class)
                .orElseThrow()
                .threads();
        if (threads < 1) {
            throw new IllegalArgumentException(
                    "expected at least 1 thread for the actor " + method.getName() + " but was " + threads);
        }
        return threads;
    }
}
