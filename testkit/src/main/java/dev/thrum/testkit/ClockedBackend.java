package dev.thrum.testkit;

import dev.thrum.base.Clock;
import dev.thrum.engine.Engine;
import dev.thrum.engine.spi.EngineBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.UnaryOperator;

/** Another backend with a clock of its own, whose {@link Clock#nanoTime} must be that of the other one. */
public final class ClockedBackend {
    private ClockedBackend() {}

    /**
     * An engine with the threads and sockets of another, which must have no servers and no connections. The other one must not
     * be used any more, nor closed.
     *
     * @param clock makes the clock from that of the other engine
     */
    public static Engine over(Engine engine, UnaryOperator<Clock> clock) {
        EngineBackend backend = TakenBackend.of(engine);
        Clock own = clock.apply(backend.clock());
        return new Engine((EngineBackend) Proxy.newProxyInstance(
                EngineBackend.class.getClassLoader(), new Class<?>[] {EngineBackend.class}, (_, method, arguments) -> {
                    if (method.getName().equals("clock")) {
                        return own;
                    }
                    try {
                        return method.invoke(backend, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
