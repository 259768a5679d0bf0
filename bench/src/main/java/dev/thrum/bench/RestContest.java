package dev.thrum.bench;

import dev.thrum.bench.Packages.Served;
import dev.thrum.bench.Processes.Serving;
import dev.thrum.bench.Turns.Turn;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.options.RestOptions;
import dev.thrum.bench.options.RestRow;
import dev.thrum.bench.tables.Claim;
import dev.thrum.bench.tables.Results;
import dev.thrum.bench.tables.Side;
import dev.thrum.measure.Child;
import dev.thrum.measure.Pinning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One row of {@link RestBench}: the servers of its claims run at the same time, on one core, and are loaded in turn.
 *
 * <p>Owned by the thread that measures.
 */
final class RestContest implements AutoCloseable {
    private static final int WARM_UP_WINDOWS = 4;
    private static final int WARM_UP_CONNECTIONS = 64;

    /** Connections allowed beyond those measured: those of the last window may not have ended yet. */
    private static final int SPARE = 1_024;

    private final RestRow row;
    private final RestOptions options;
    private final Child generator;
    private final List<Rival> rivals = new ArrayList<>();

    /** A server, and what ends it. */
    private record Rival(Meter.Target target, Runnable ending) {}

    private RestContest(RestRow row, RestOptions options, Child generator) {
        this.row = row;
        this.options = options;
        this.generator = generator;
    }

    /** Starts the servers of this row; earlier packages have their data in this folder. */
    static RestContest start(RestRow row, RestOptions options, Path thrum, Pinning pinning, ScratchFolder folder)
            throws IOException, InterruptedException {
        Processes processes = new Processes(Protocol.REST, thrum, pinning);
        RestContest contest = new RestContest(row, options, processes.generator());
        try {
            if (row.packaged().isPresent()) {
                Path baseline = options.baseline().orElseThrow();
                contest.enterSides(new Packages(thrum, baseline, pinning, folder));
            } else {
                contest.enterContenders(processes);
            }
            return contest;
        } catch (IOException | InterruptedException | RuntimeException e) {
            contest.close();
            throw e;
        }
    }

    private void enterSides(Packages packages) throws IOException {
        String engine = row.packaged().orElseThrow();
        for (Side side : Side.values()) {
            Served server = packages.start(engine, side, mostConnections() + SPARE, flags(engine));
            rivals.add(new Rival(server.target(loads().getFirst().exchange()), server.process()::close));
        }
    }

    private static List<String> flags(String engine) {
        String[] words = engine.split("-", 2);
        return List.of("--engine", words[0], words[0].equals("threads") ? "--max-threads" : "--transport", words[1]);
    }

    private void enterContenders(Processes processes) throws IOException, InterruptedException {
        List<String> names = row.claims().stream()
                .flatMap(claim -> Stream.of(claim.contender(), claim.peer()))
                .distinct()
                .toList();
        for (String name : names) {
            Serving server = processes
                    .roomy(Protocol.REST.contender(name).orElseThrow(), mostConnections())
                    .orElseThrow(() -> new IOException("expected " + name + " to run here: see above"));
            Child process = server.process();
            rivals.add(new Rival(new Meter.Target(name, server.port(), process.pid()), process::close));
        }
    }

    private List<Load> loads() {
        return row.claims().stream().map(Claim::load).distinct().toList();
    }

    private int mostConnections() {
        return loads().stream().mapToInt(Load::connections).max().orElseThrow();
    }

    Results run() throws IOException, InterruptedException {
        Meter meter = new Meter(generator, options.window(), Contest.REPEATS);
        for (Rival rival : rivals) {
            System.err.println(row.word() + ", warming up " + rival.target().name());
            warmUp(meter, rival.target());
        }
        Results results = new Results();
        Turns turns = new Turns(options.rounds());
        for (Load load : loads()) {
            List<Turn> all = rivals.stream()
                    .map(rival -> new Turn(meter, rival.target(), load))
                    .toList();
            turns.measure(row.word() + ", " + load, all, results);
        }
        return results;
    }

    /** The JIT compiler gets busy clients first, because those that ask seldom would keep it waiting. */
    private void warmUp(Meter meter, Meter.Target server) throws IOException, InterruptedException {
        Load first = loads().getFirst();
        int connections = Math.min(first.connections(), WARM_UP_CONNECTIONS);
        Load busy = new Load(first.exchange(), connections, Load.Manner.CROWD);
        new Turn(meter, server, busy).warmUp(WARM_UP_WINDOWS);
        for (Load load : loads()) {
            new Turn(meter, server, load).warmUp(WARM_UP_WINDOWS);
        }
    }

    @Override
    public void close() {
        generator.close();
        rivals.forEach(rival -> rival.ending().run());
    }
}
