package dev.thrum.testkit;

import dev.thrum.engine.Engine;
import dev.thrum.engine.spi.EngineBackend;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/** The backend of an engine, for another one around it. */
final class TakenBackend {
    private TakenBackend() {}

    /** Takes the backend out of an engine without servers and connections, which is not used any more, nor closed. */
    static EngineBackend of(Engine engine) {
        try {
            Field backend = Engine.class.getDeclaredField("backend");
            backend.setAccessible(true);
            Field reaper = Engine.class.getDeclaredField("reaper");
            reaper.setAccessible(true);
            Method stop = reaper.getType().getDeclaredMethod("stop");
            stop.setAccessible(true);
            stop.invoke(reaper.get(engine));
            return (EngineBackend) backend.get(engine);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("expected an engine with a backend and a reaper", e);
        }
    }
}
