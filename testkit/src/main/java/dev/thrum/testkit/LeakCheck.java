package dev.thrum.testkit;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test class that leaves threads or sockets behind.
 *
 * <p>Use: {@code @ExtendWith(LeakCheck.class)}. After the class it waits a few seconds until every platform thread and
 * every socket that was opened meanwhile is gone, and names those that are left. Of the daemon threads, only those with
 * Thrum's names count ({@code thrum-...}, {@code worker-...}), because the JDK starts daemon threads at any time. Virtual
 * threads are not detected; the sockets that they wait for are.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(LeakCheck.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getStore(NAMESPACE).put(context.getRequiredTestClass(), Resources.now());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Resources before = context.getStore(NAMESPACE).get(context.getRequiredTestClass(), Resources.class);
        if (before != null) {
            before.awaitNothingNew("after " + context.getRequiredTestClass().getSimpleName());
        }
    }
}
