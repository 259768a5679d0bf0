package dev.thrum.app.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.base.IoWords;
import dev.thrum.base.Threads;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The signals SIGTERM, SIGINT and SIGHUP: the program waits for the first; the second ends it at once.
 *
 * <p>The JDK's class for signals, {@code sun.misc.Signal}, is outside the documented API, and the compiler's warning
 * about it can't be suppressed; so it is called through method handles. A shutdown hook is no substitute: it can't
 * distinguish the first signal from the second, and the program would end with a status other than 0.
 */
public final class StopSignals implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.thrum.serve");

    /** Maximum time for the action of {@link #beforeHalt}. */
    private static final Duration PARTING = Duration.ofMillis(500);

    private final CompletableFuture<Integer> first = new CompletableFuture<>();

    /**
     * The action that the second signal runs before it ends the program; removed by the thread that runs it, so that it
     * runs once.
     */
    private final AtomicReference<Optional<Runnable>> last = new AtomicReference<>(Optional.empty());

    /** What handled the signals before, by their names. Owned by the thread that installs and closes. */
    private final Map<String, Object> previous = new HashMap<>();

    private StopSignals() {}

    /** Takes over the signals, until they are given back. Where the JVM does not allow that, they end it as usual. */
    public static StopSignals install() {
        StopSignals signals = new StopSignals();
        try {
            Jdk jdk = Jdk.find();
            signals.keep("TERM", jdk.handle("TERM", signals::arrived));
            signals.keep("INT", jdk.handle("INT", signals::arrived));
            // The terminal was closed. Where SIGHUP is ignored, as under nohup, it stays ignored.
            signals.keep("HUP", jdk.handleUnlessIgnored("HUP", signals::arrived));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.log(Level.WARNING, "SIGTERM and SIGINT end this JVM at once, without draining: " + IoWords.of(e));
        }
        return signals;
    }

    private void keep(String name, @Nullable Object handler) {
        if (handler != null) {
            previous.put(name, handler);
        }
    }

    /** Gives the signals back to what handled them before, which is another command of this process in the rehearsal. */
    @Override
    public void close() {
        try {
            Jdk jdk = Jdk.find();
            for (Map.Entry<String, Object> each : previous.entrySet()) {
                jdk.restore(each.getKey(), each.getValue());
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.log(Level.DEBUG, "the signals could not be given back", e);
        }
    }

    /** Sends this process SIGTERM. */
    public static void raiseTerm() throws ReflectiveOperationException {
        Jdk.find().raise("TERM");
    }

    /** Whether the first signal has arrived. */
    public boolean haveArrived() {
        return first.isDone();
    }

    /** The exit status of a program that the first signal has ended: 128 and its number. */
    public int status() {
        return status(first.join());
    }

    private static int status(int signal) {
        return 128 + signal;
    }

    /** Runs this after the first signal, on a thread of its own. */
    public void afterFirst(Runnable act) {
        var _ = first.thenRunAsync(
                act, task -> Threads.daemon("thrum-stop", task).start());
    }

    /** Waits for the first signal. */
    public void await() {
        first.join();
    }

    /**
     * Sets the action that the second signal runs before it ends the program, on a thread of its own and for at most
     * half a second.
     */
    public void beforeHalt(Runnable act) {
        last.set(Optional.of(act));
    }

    /** Runs on a thread of the JVM, for each signal. */
    private void arrived(int number) {
        if (first.complete(number)) {
            return;
        }
        try {
            Optional<Runnable> act = last.getAndSet(Optional.empty());
            if (act.isPresent()) {
                Thread parting = Threads.daemon("thrum-parting", act.get());
                parting.start();
                boolean _ = parting.join(PARTING);
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            LOG.log(Level.DEBUG, "the action before the end of the program failed", e);
        } finally {
            Runtime.getRuntime().halt(status(number));
        }
    }

    private interface Arrival {
        void arrived(int number);
    }

    /** Method handles of the JDK's class. */
    private record Jdk(
            Class<?> handler, MethodHandle create, MethodHandle number, MethodHandle handle, MethodHandle raise) {
        static Jdk find() throws ReflectiveOperationException {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            return new Jdk(
                    handler,
                    lookup.findConstructor(signal, MethodType.methodType(void.class, String.class)),
                    lookup.findVirtual(signal, "getNumber", MethodType.methodType(int.class)),
                    lookup.findStatic(signal, "handle", MethodType.methodType(handler, signal, handler)),
                    lookup.findStatic(signal, "raise", MethodType.methodType(void.class, signal)));
        }

        /** Takes over a signal that is not ignored; returns its previous handler. */
        @Nullable
        Object handleUnlessIgnored(String name, Arrival arrival) throws ReflectiveOperationException {
            Object previous = handle(name, arrival);
            Object ignore = handler.getField("SIG_IGN").get(null);
            if (ignore.equals(previous)) {
                restore(name, ignore);
            }
            return previous;
        }

        void restore(String name, Object former) throws ReflectiveOperationException {
            call(() -> handle.invoke(create.invoke(name), former));
        }

        /** Takes over a signal; returns its previous handler. */
        @Nullable
        Object handle(String name, Arrival arrival) throws ReflectiveOperationException {
            Object proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (!method.getName().equals("handle")) {
                            return method.invoke(arrival, arguments);
                        }
                        arrival.arrived((int) number.invoke(arguments[0]));
                        return null;
                    });
            return call(() -> handle.invoke(create.invoke(name), proxy));
        }

        void raise(String name) throws ReflectiveOperationException {
            call(() -> {
                raise.invoke(create.invoke(name));
                return null;
            });
        }

        @CanIgnoreReturnValue
        private static @Nullable Object call(Invocation invocation) throws ReflectiveOperationException {
            try {
                return invocation.invoke();
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new ReflectiveOperationException(e);
            }
        }
    }

    private interface Invocation {
        @Nullable
        Object invoke() throws Throwable;
    }
}
