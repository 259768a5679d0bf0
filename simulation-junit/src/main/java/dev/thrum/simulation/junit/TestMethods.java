package dev.thrum.simulation.junit;

import dev.thrum.engine.spi.CustomScheduler;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/** What both kinds of tests need to know of their classes, and of the JVM. */
final class TestMethods {
    private TestMethods() {}

    /** Fails if this JVM has no flag for schedulers of virtual threads; the message has the line that is missing. */
    static void requireFlag() {
        CustomScheduler.problem().ifPresent(problem -> {
            throw new IllegalStateException(
                    problem + "; add this line to the configuration of maven-surefire-plugin:\n  <argLine>"
                            + CustomScheduler.REMEDY + "</argLine>\nor in Gradle:\n  tasks.test { jvmArgs(\""
                            + CustomScheduler.REMEDY + "\") }");
        });
    }

    /** The methods of a class, and of those that it extends, that have an annotation, in this order. */
    static List<Method> annotated(Class<?> type, Class<? extends Annotation> annotation) {
        return AnnotationSupport.findAnnotatedMethods(type, annotation, HierarchyTraversalMode.TOP_DOWN);
    }

    /** What each new object begins with: for an inner class, also that of the classes around it. */
    static List<Method> setUp(Class<?> type) {
        return Stream.<Class<?>>iterate(type, Objects::nonNull, Class::getEnclosingClass)
                .flatMap(each -> annotated(each, BeforeEach.class).stream())
                .distinct()
                .filter(method -> method.getParameterCount() == 0)
                .toList();
    }

    /** How a build repeats one test. */
    static String command(Class<?> type, Method method, String property) {
        return "mvn test -Dtest='" + type.getName() + "#" + method.getName() + "' -D" + property;
    }
}
