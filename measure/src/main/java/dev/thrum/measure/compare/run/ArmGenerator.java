package dev.thrum.measure.compare.run;

import dev.thrum.measure.Child;
import dev.thrum.measure.CoreSplit;
import dev.thrum.measure.compare.Figure;
import dev.thrum.measure.compare.LoadPoint;
import dev.thrum.measure.compare.Reading;
import dev.thrum.measure.compare.run.LoadOrder.Latencies;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The generator's process, and the figures of its loads. Used by one thread; {@link #close} by any. */
final class ArmGenerator implements AutoCloseable {
    /** The time that a load takes at most beside its window: connecting, and waiting for the last responses. */
    private static final Duration BESIDE = Duration.ofSeconds(60);

    /**
     * A server whose threads wait for a core is what is measured here, so that isn't a disturbance; the generator has a core of
     * its own, and its delay is checked.
     */
    private static final String OWN_DOING = "cpu_pressure";

    private static final double MICRO = 1e3;

    private final Child child;

    private ArmGenerator(Child child) {
        this.child = child;
    }

    static ArmGenerator start(Requests requests, CoreSplit cores, List<String> flags) throws IOException {
        List<String> main = new ArrayList<>(List.of(GeneratorProcess.class.getName()));
        main.addAll(requests.arguments());
        return new ArmGenerator(Child.start("the generator", cores.generator(), flags, main));
    }

    /**
     * Warms a server up with a closed loop.
     *
     * @param quiet how many windows without a change end it before; 0 for the whole time
     * @return the requests per second in each window of 100 ms
     */
    List<Double> warmUp(ArmProcess server, int connections, Duration most, int quiet)
            throws IOException, InterruptedException {
        LoadOrder order = new LoadOrder(server.port(), 0, connections, most.toMillis(), quiet, true);
        String answer = child.ask(JsonMapper.shared().writeValueAsString(order), most.plus(BESIDE));
        return ChildAnswer.read(answer, LoadOrder.Rates.class).rates();
    }

    /** What a load has found. */
    record Loaded(Reading reading, LoadOrder.Answer answer) {}

    /** Loads a server. */
    Loaded load(ArmProcess server, LoadPoint point, Duration window) throws IOException, InterruptedException {
        LoadOrder order = new LoadOrder(server.port(), point.rate(), point.connections(), window.toMillis(), 0, false);
        expect(GeneratorProcess.BEGUN, child.ask(JsonMapper.shared().writeValueAsString(order), BESIDE));
        ArmProcess.Used before = server.used();
        expect(GeneratorProcess.ENDED, child.answer(window.plus(BESIDE)));
        ArmProcess.Used after = server.used();
        LoadOrder.Answer answer = ChildAnswer.read(child.answer(BESIDE), LoadOrder.Answer.class);
        List<String> invalid = answer.invalid().stream()
                .filter(reason -> !reason.name().equals(OWN_DOING))
                .map(LoadOrder.Invalid::text)
                .toList();
        Reading reading = new Reading(point.name(), figures(answer, before, after), answer.curve(), invalid);
        return new Loaded(reading, answer);
    }

    private static void expect(String word, String answer) throws IOException {
        if (!answer.equals(word)) {
            throw new IOException("expected \"" + word + "\" from the generator but was \"" + answer + "\"");
        }
    }

    private static Map<Figure, Double> figures(LoadOrder.Answer answer, ArmProcess.Used before, ArmProcess.Used after) {
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.THROUGHPUT, answer.rate());
        Latencies latencies = answer.latencies();
        put(figures, Figure.LATENCY_P50, latencies.p50());
        put(figures, Figure.LATENCY_P90, latencies.p90());
        put(figures, Figure.LATENCY_P99, latencies.p99());
        put(figures, Figure.LATENCY_P999, latencies.p999());
        put(figures, Figure.LATENCY_MAX, latencies.max());
        put(figures, Figure.LATENCY_MEAN, latencies.mean());
        if (answer.answered() > 0) {
            figures.put(Figure.CPU_PER_REQUEST, (after.cpu() - before.cpu()) / MICRO / answer.answered());
            figures.put(
                    Figure.CONTEXT_SWITCHES,
                    (double) (after.account().switches() - before.account().switches()) / answer.answered());
        }
        figures.put(
                Figure.GC_PAUSES, (after.account().pauses() - before.account().pauses()) / answer.seconds());
        figures.put(Figure.SERVER_HICCUP, after.account().hiccup());
        figures.put(Figure.GENERATOR_HICCUP, answer.hiccup());
        put(figures, Figure.LOOP_LAG, after.account().lag());
        return figures;
    }

    private static void put(Map<Figure, Double> figures, Figure figure, @Nullable Double value) {
        if (value != null) {
            figures.put(figure, value);
        }
    }

    @Override
    public void close() {
        child.close();
    }
}
