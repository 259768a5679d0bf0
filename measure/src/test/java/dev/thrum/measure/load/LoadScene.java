package dev.thrum.measure.load;

import dev.thrum.http.Headers;
import dev.thrum.http.client.url.Url;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Runs loads on scripted servers, in virtual time. */
final class LoadScene {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000_000_000;

    final VirtualClock clock = new VirtualClock();
    final List<LoadProgress> progress = new ArrayList<>();
    private final LoadProtocol protocol;

    /** What the machine is doing: nothing, unless a test says otherwise. */
    Usage.Meter meter = () -> new Usage(0, 0, 0, 0, 0, 0, 0);

    BooleanSupplier isStopping = () -> false;
    long overshoot;

    LoadScene() {
        this(LoadProtocol.http(Url.parse("http://127.0.0.1/"), "GET", Headers.none(), new byte[0]));
    }

    LoadScene(LoadProtocol protocol) {
        this.protocol = protocol;
    }

    LoadResult run(LoadPlan plan, ScriptedWires.Script script) throws IOException {
        ScriptedWires wires = new ScriptedWires(clock, script);
        wires.overshootBy(overshoot);
        return new LoadLoop(
                        plan,
                        protocol,
                        new LoadLoop.Surroundings(wires, clock, meter, progress::add, isStopping, clock::nanoTime))
                .run();
    }

    static LoadPlan open(double rate, int connections, int seconds) {
        return new LoadPlan(
                rate,
                connections,
                Duration.ZERO,
                Duration.ofSeconds(1),
                Duration.ofSeconds(seconds),
                Duration.ofSeconds(5));
    }

    /** A server that needs this long for each response. */
    static ScriptedWires.Script steady(long service) {
        return (connection, nth, now) -> List.of(ScriptedWires.Act.send(service, ScriptedWires.ok("hi")));
    }
}
