package dev.thrum.measure.compare.run;

import dev.thrum.base.Clock;
import dev.thrum.measure.CoreSplit;
import dev.thrum.measure.compare.Arm;
import dev.thrum.measure.compare.Cell;
import dev.thrum.measure.compare.Comparison;
import dev.thrum.measure.compare.Figure;
import dev.thrum.measure.compare.HighestRate;
import dev.thrum.measure.compare.LoadPoint;
import dev.thrum.measure.compare.Reading;
import dev.thrum.measure.compare.Round;
import dev.thrum.measure.compare.WarmUp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs a comparison, once, on one thread; another may stop it.
 *
 * <p>First each arm warms up and is asked for its highest rate. Then, in each round, a fresh server of each arm, in an order of
 * that round's own, is warmed up for as long as the slowest arm needs, and measured under all loads. The first arm takes part
 * twice, as a control.
 */
public final class CompareRun {
    private static final int WARM_UP_WINDOW = 100;
    private static final double MIBIBYTE = 1 << 20;
    private static final double MILLIS = 1e3;
    private static final String SATURATION = "saturation";

    /** The time in which a server notices the connections of idle clients. */
    private static final Duration SETTLE = Duration.ofMillis(300);

    private static final System.Logger LOG = System.getLogger(CompareRun.class.getName());

    private final ComparePlan plan;
    private final Requests requests;
    private final List<Entrant> entrants;
    private final CoreSplit cores;

    /** A file for the errors that servers print. */
    private final Path errors;

    private final Listener listener;

    /** The processes that run, which {@link #stop} ends. */
    private final Set<AutoCloseable> running = ConcurrentHashMap.newKeySet();

    /** Owned by the thread that runs it. */
    private @Nullable ArmGenerator generator;

    /** Written by any thread. */
    private volatile boolean isStopping;

    /** Gets what has been measured, on the thread that measures. */
    public interface Listener {
        /** What is done now, in a few words. */
        void doing(String what);

        /** Another part is complete, in particular another round. */
        void measured(Comparison soFar);
    }

    /**
     * Creates it.
     *
     * @param entrants the arms, without a copy
     * @param cores where the processes run
     * @param errors a file that servers may write their errors to
     */
    public CompareRun(
            ComparePlan plan,
            Requests requests,
            List<Entrant> entrants,
            CoreSplit cores,
            Path errors,
            Listener listener) {
        this.plan = plan;
        this.requests = requests;
        this.entrants = List.copyOf(entrants);
        this.cores = cores;
        this.errors = errors;
        this.listener = listener;
    }

    /** The arms, and the second copy of the first one. */
    public List<Arm> arms() {
        return everybody().stream().map(Entrant::arm).toList();
    }

    private List<Entrant> everybody() {
        List<Entrant> all = new ArrayList<>(entrants);
        all.add(entrants.getFirst().again());
        return all;
    }

    /**
     * Runs it.
     *
     * @param start a comparison of {@link #arms}; if it has loads, these are used, and no highest rates are looked for
     * @return what was measured; interrupted if it was stopped
     * @throws IOException if an arm can't be measured before the rounds; the message is a line for the user
     * @throws IllegalArgumentException if most requests fail; likewise
     */
    public Comparison run(Comparison start) throws IOException, InterruptedException {
        Comparison soFar = start;
        try {
            soFar = prepare(start);
            listener.measured(soFar);
            Random random = new Random(plan.seed());
            for (int round = 0; round < plan.rounds() && !isStopping; round++) {
                List<Entrant> order = everybody();
                Collections.shuffle(order, random);
                Round measured = round(round, order, soFar);
                if (!isStopping) {
                    soFar = soFar.withRound(measured);
                    listener.measured(soFar);
                }
            }
        } catch (IOException e) {
            if (!isStopping) {
                throw e;
            }
        } finally {
            endAll();
        }
        return isStopping ? soFar.interrupted() : soFar;
    }

    /** Ends it: the rounds that are complete are its result. */
    public void stop() {
        isStopping = true;
        endAll();
    }

    private void endAll() {
        for (AutoCloseable process : running) {
            close(process);
        }
    }

    private void close(AutoCloseable process) {
        running.remove(process);
        try {
            process.close();
        } catch (Exception e) {
            throw new IllegalStateException("expected to end a process but could not", e);
        }
    }

    private Comparison prepare(Comparison start) throws IOException, InterruptedException {
        List<WarmUp> warmUps = new ArrayList<>();
        List<HighestRate> highest = new ArrayList<>();
        Duration longest = Duration.ZERO;
        for (Entrant entrant : entrants) {
            requireGoingOn();
            String arm = entrant.arm().name();
            listener.doing(arm + ": warm-up");
            ArmProcess server = server(entrant);
            try (Crowd _ = slowClients(server)) {
                List<Double> rates = generator()
                        .warmUp(
                                server,
                                plan.connections(),
                                plan.times().mostWarmUp(),
                                plan.times().quiet());
                warmUps.add(new WarmUp(arm, WARM_UP_WINDOW, plan.times().quiet(), rates));
                longest = longer(longest, Duration.ofMillis((long) rates.size() * WARM_UP_WINDOW));
                if (start.points().isEmpty()) {
                    highest.add(highestRate(arm, server));
                }
            } finally {
                close(server);
            }
        }
        Comparison warm = start.withWarmUps(warmUps, longest.toMillis() / MILLIS);
        return start.points().isEmpty() ? warm.withPoints(highest, points(highest)) : warm;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private void requireGoingOn() throws IOException {
        if (isStopping) {
            throw new IOException("the comparison was stopped");
        }
    }

    private HighestRate highestRate(String arm, ArmProcess server) throws IOException, InterruptedException {
        listener.doing(arm + ": saturation");
        ArmGenerator.Loaded closed =
                generator().load(server, saturation(), plan.times().window());
        if (closed.answer().answered() == 0
                || closed.answer().failed() > closed.answer().answered()) {
            throw new IllegalArgumentException("expected the handler to answer but of "
                    + (closed.answer().answered() + closed.answer().failed()) + " requests to " + arm + " "
                    + closed.answer().failed() + " failed"
                    + (closed.answer().errors().isEmpty()
                            ? ""
                            : ": " + closed.answer().errors()));
        }
        return new RateSearch(plan.goal(), plan.connections(), plan.times().attempts())
                .run(arm, closed.answer().rate(), point -> {
                    requireGoingOn();
                    listener.doing(String.format(Locale.ROOT, "%s: %,.0f requests/s", arm, point.rate()));
                    return generator().load(server, point, plan.times().window());
                });
    }

    private LoadPoint saturation() {
        return new LoadPoint(SATURATION, 0, plan.connections(), true);
    }

    /** The loads of the rounds: shares of the weakest arm's highest rate, saturation, and that at other numbers of connections. */
    private List<LoadPoint> points(List<HighestRate> highest) {
        double weakest = highest.stream().mapToDouble(HighestRate::rate).min().orElse(0);
        List<LoadPoint> points = new ArrayList<>();
        double seconds = plan.times().window().toMillis() / MILLIS;
        // With less than a request in a window there is nothing to measure.
        if (weakest * ComparePlan.SHARES.getFirst() * seconds >= 1) {
            ComparePlan.SHARES.forEach(share -> points.add(
                    new LoadPoint(Math.round(share * 100) + " %", share * weakest, plan.connections(), true)));
        }
        points.add(saturation());
        plan.otherConnections()
                .forEach(count ->
                        points.add(new LoadPoint(SATURATION + ", " + count + " connections", 0, count, false)));
        return points;
    }

    private Round round(int number, List<Entrant> order, Comparison soFar) throws InterruptedException {
        List<Cell> cells = new ArrayList<>();
        for (Entrant entrant : order) {
            if (isStopping) {
                break;
            }
            String where = "round " + (number + 1) + " of " + plan.rounds() + ", "
                    + entrant.arm().name();
            try {
                cells.add(cell(where, entrant, soFar));
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "a cell has failed", e);
                cells.add(Cell.failed(entrant.arm().name(), String.valueOf(e.getMessage())));
                // It may be in the middle of a load.
                endAll();
                generator = null;
            }
        }
        return new Round(cells);
    }

    private Cell cell(String where, Entrant entrant, Comparison soFar) throws IOException, InterruptedException {
        listener.doing(where + ": start");
        ArmProcess server = server(entrant);
        try {
            List<Reading> readings = new ArrayList<>();
            try (Crowd _ = slowClients(server)) {
                listener.doing(where + ": warm-up");
                Duration warmUp = Duration.ofMillis((long) (soFar.setup().warmUpSeconds() * MILLIS));
                List<Double> _ = generator().warmUp(server, plan.connections(), warmUp, 0);
                for (LoadPoint point : soFar.points()) {
                    listener.doing(where + ": " + point.name());
                    Duration window = point.isJudged()
                            ? plan.times().window()
                            : plan.times().further();
                    readings.add(generator().load(server, point, window).reading());
                }
            }
            return new Cell(entrant.arm().name(), null, readings, memory(server));
        } finally {
            close(server);
        }
    }

    private Map<Figure, Double> memory(ArmProcess server) throws IOException, InterruptedException {
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        ArmProcess.Memory before = server.memory();
        figures.put(Figure.MEMORY, before.all() / MIBIBYTE);
        if (plan.idleConnections() > 0) {
            try (Crowd _ = Crowd.connect(server.port(), plan.idleConnections())) {
                Clock.system().sleep(SETTLE);
                long grown = server.memory().all() - before.all();
                // Less memory than before isn't a figure of connections.
                if (grown > 0) {
                    figures.put(Figure.IDLE_CONNECTION, (double) grown / plan.idleConnections());
                }
            }
        }
        return figures;
    }

    private ArmProcess server(Entrant entrant) throws IOException, InterruptedException {
        ArmProcess server = ArmProcess.start(entrant, cores, plan.flags(), errors);
        running.add(server);
        requireGoingOn();
        return server;
    }

    private ArmGenerator generator() throws IOException {
        ArmGenerator known = generator;
        if (known == null) {
            known = ArmGenerator.start(requests, cores, plan.flags());
            running.add(known);
            generator = known;
            requireGoingOn();
        }
        return known;
    }

    private Crowd slowClients(ArmProcess server) throws IOException {
        Crowd crowd = Crowd.connect(server.port(), plan.slowClients());
        if (plan.slowClients() > 0) {
            crowd.trickle();
        }
        return crowd;
    }
}
