package dev.thrum.measure.compare.run;

import dev.thrum.base.Clock;
import dev.thrum.base.IoWords;
import dev.thrum.http.Headers;
import dev.thrum.http.client.url.Url;
import dev.thrum.measure.HiccupProbe;
import dev.thrum.measure.compare.Reading;
import dev.thrum.measure.load.LoadProgress;
import dev.thrum.measure.load.LoadProtocol;
import dev.thrum.measure.load.LoadResult;
import dev.thrum.measure.load.LoadRun;
import dev.thrum.measure.load.Verdict;
import dev.thrum.measure.statistics.SteadyState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.json.JsonMapper;

/**
 * The main class of the generator's process. It answers each {@link LoadOrder} with one line; during a load it also prints
 * {@code begun} and {@code ended} at the ends of the window. It ends at the end of its input.
 */
final class GeneratorProcess {
    static final String BEGUN = "begun";
    static final String ENDED = "ended";

    /** So many windows are checked together: the check takes longer the more windows there are. */
    private static final int CHECKED = 5;

    private static final double NANOS = 1e9;
    private static final double MILLI = 1e6;
    private static final double PERCENTILE = 99;

    private final Requests requests;
    private final HiccupProbe hiccups = HiccupProbe.start(Clock.system());

    /** What was learnt of the servers, by their ports: a fresh server can have the port of an earlier one, which is its equal. */
    private final Map<Integer, LoadProtocol> protocols = new HashMap<>();

    private GeneratorProcess(Requests requests) {
        this.requests = requests;
    }

    /** Arguments: those of {@link Requests}. */
    public static void main(String[] arguments) throws IOException {
        GeneratorProcess generator = new GeneratorProcess(Requests.of(List.of(arguments)));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            System.out.println(generator.answer(command));
        }
        Runtime.getRuntime().halt(0);
    }

    private String answer(String command) {
        try {
            LoadOrder order = JsonMapper.shared().readValue(command, LoadOrder.class);
            Object answer = order.isWarmUp() ? new LoadOrder.Rates(warmUp(order)) : load(order);
            return JsonMapper.shared().writeValueAsString(answer);
        } catch (IOException e) {
            return "failed expected a server that answers but: " + IoWords.of(e);
        }
    }

    private LoadRun run(LoadOrder order) throws IOException {
        InetSocketAddress server =
                new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), order.port());
        LoadProtocol protocol = protocols.get(order.port());
        if (protocol == null) {
            protocol = protocol(server);
            protocols.put(order.port(), protocol);
        }
        return new LoadRun(order.plan(), protocol, server, Clock.system());
    }

    private LoadProtocol protocol(InetSocketAddress server) throws IOException {
        String target = requests.target();
        return target == null
                ? LoadProtocol.lines(requests.lines(), server, requests.greeting())
                : LoadProtocol.http(
                        Url.parse("http://127.0.0.1:" + server.getPort() + target), "GET", Headers.none(), new byte[0]);
    }

    private List<Double> warmUp(LoadOrder order) throws IOException {
        LoadRun run = run(order);
        List<Double> rates = new ArrayList<>();
        LoadProgress[] last = {null};
        LoadRun observed = run.observedBy(
                now -> {
                    if (now.phase() != LoadProgress.Phase.MEASURING) {
                        return;
                    }
                    LoadProgress before = last[0];
                    long sent = now.sent() - (before == null ? 0 : before.sent());
                    long nanos = now.nanos() - (before == null ? 0 : before.nanos());
                    rates.add(sent * NANOS / Math.max(1, nanos));
                    last[0] = now;
                    if (order.quiet() > 0
                            && rates.size() % CHECKED == 0
                            && SteadyState.of(rates, order.quiet()).isQuiet()) {
                        run.stop();
                    }
                },
                _ -> {});
        LoadResult _ = observed.run();
        return rates;
    }

    private LoadOrder.Answer load(LoadOrder order) throws IOException {
        LoadRun run = run(order).observedBy(_ -> {}, edge -> {
            if (edge == LoadRun.Edge.BEGIN) {
                Histogram _ = hiccups.sinceLastCall();
            }
            System.out.println(edge == LoadRun.Edge.BEGIN ? BEGUN : ENDED);
        });
        LoadResult result = run.run();
        Histogram latency = result.times().latency();
        return new LoadOrder.Answer(
                result.seconds(),
                result.counts().answered(),
                result.counts().failed() + result.counts().timeouts(),
                errors(result),
                latencies(latency),
                Reading.curve(latency),
                hiccups.sinceLastCall().getValueAtPercentile(PERCENTILE) / MILLI,
                Verdict.reasons(result).stream()
                        .map(reason -> new LoadOrder.Invalid(reason.name(), reason.text()))
                        .toList());
    }

    private static String errors(LoadResult result) {
        List<String> kinds = new ArrayList<>();
        result.counts()
                .errors()
                .forEach((kind, count) -> kinds.add(String.format(Locale.ROOT, "%s (%,d)", kind, count)));
        if (result.counts().timeouts() > 0) {
            kinds.add(
                    String.format(Locale.ROOT, "timeout (%,d)", result.counts().timeouts()));
        }
        return String.join(", ", kinds);
    }

    private static LoadOrder.Latencies latencies(Histogram latency) {
        if (latency.getTotalCount() == 0) {
            return new LoadOrder.Latencies(null, null, null, null, null, null);
        }
        return new LoadOrder.Latencies(
                latency.getValueAtPercentile(50) / MILLI,
                latency.getValueAtPercentile(90) / MILLI,
                latency.getValueAtPercentile(99) / MILLI,
                latency.getValueAtPercentile(99.9) / MILLI,
                latency.getMaxValue() / MILLI,
                latency.getMean() / MILLI);
    }
}
