package dev.thrum.bench;

import dev.thrum.bench.Turns.Turn;
import dev.thrum.store.Database;
import dev.thrum.store.DatabaseConfig;
import dev.thrum.store.Ledger;
import dev.thrum.store.Operation;
import dev.thrum.store.Source;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Requests to {@code thrum serve} that write, beside one of the same size that does not. */
final class ApiBench {
    private static final List<String> ENGINES = List.of("virtual", "events");
    private static final List<Exchange> EXCHANGES = List.of(Exchange.ECHO, Exchange.USERS, Exchange.DEPOSIT);
    private static final List<Integer> CONNECTIONS = List.of(64, 256);
    private static final String JUDGED = "virtual";
    private static final int JUDGED_AT = 64;
    private static final double MUST = 0.6;
    private static final int WARM_UP_WINDOWS = 4;

    private final Processes processes;
    private final StoreOptions options;
    private final ScratchFolder folder;
    private final Results results = new Results();

    private record Served(String engine, ServerProcess process) {
        Meter.Target target() {
            return new Meter.Target(engine, process.port("web"), process.pid());
        }
    }

    ApiBench(Processes processes, StoreOptions options, ScratchFolder folder) {
        this.processes = processes;
        this.options = options;
        this.folder = folder;
    }

    void run(PrintStream out) throws IOException, InterruptedException {
        List<Served> servers = new ArrayList<>();
        try (Child generator = processes.generator()) {
            for (String engine : ENGINES) {
                servers.add(new Served(engine, start(engine)));
            }
            measure(new Meter(generator, options.window(), StoreBench.REPEATS), servers);
        } finally {
            servers.forEach(server -> server.process().close());
        }
        CONNECTIONS.forEach(connections -> table(out, connections));
        Finding.print(out, findings());
    }

    private ServerProcess start(String engine) throws IOException {
        Path data = folder.resolve("api-" + engine);
        prepare(data);
        return ServerProcess.start(processes.launcher(), List.of(), data, "--engine", engine);
    }

    /** An account to pay into, and numbers that begin so high that each answer is as long as the others. */
    private static void prepare(Path data) {
        try (Database database = Database.open(DatabaseConfig.of(Source.embedded(data)))) {
            Ledger ledger = new Ledger(database, Clock.systemUTC());
            long account = ledger.open("Ada Lovelace").join().id();
            var _ = ledger.carryOut(Operation.deposit(account, ApiRequests.FIRST), "first")
                    .join();
            int _ = database.update(
                            "INSERT INTO users (id, name, email, created_at) VALUES (?, ?, ?, ?)",
                            ApiRequests.FIRST,
                            "Ada Lovelace",
                            "first@example.org",
                            Clock.systemUTC().instant())
                    .join();
        }
    }

    private void measure(Meter meter, List<Served> servers) throws IOException, InterruptedException {
        Turns turns = new Turns(meter, options.rounds());
        List<Turn> all = new ArrayList<>();
        for (Served server : servers) {
            System.err.println("warming up " + server.engine());
            for (Exchange exchange : EXCHANGES) {
                turns.warmUp(server.target(), new Load(exchange, JUDGED_AT), WARM_UP_WINDOWS);
            }
            loads().forEach(load -> all.add(new Turn(server.target(), load)));
        }
        turns.measure("api", all, results);
    }

    /** Deposits, which nothing is asked of, at the fewer connections alone. */
    private static List<Load> loads() {
        return EXCHANGES.stream()
                .flatMap(exchange -> CONNECTIONS.stream().map(connections -> new Load(exchange, connections)))
                .filter(load -> load.exchange() != Exchange.DEPOSIT || load.connections() == JUDGED_AT)
                .toList();
    }

    private void table(PrintStream out, int connections) {
        WindowTable table = new WindowTable(out, "request");
        table.head(connections + " connections");
        for (String engine : ENGINES) {
            loads().stream()
                    .filter(load -> load.connections() == connections)
                    .forEach(load -> table.row(
                            engine + ", " + title(load.exchange()),
                            results.windows(engine, load),
                            results.dirty(engine, load)));
        }
        table.end();
    }

    private static String title(Exchange exchange) {
        return exchange == Exchange.DEPOSIT
                ? "a deposit"
                : "`POST /" + exchange.name().toLowerCase(Locale.ROOT) + "`";
    }

    private List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        for (String engine : ENGINES) {
            for (int connections : CONNECTIONS) {
                boolean judged = engine.equals(JUDGED) && connections == JUDGED_AT;
                Bound bound = judged ? Bound.atLeast(MUST) : Bound.none();
                findings.add(finding(engine, connections, Claim.Figure.RATE, bound));
                findings.add(finding(engine, connections, Claim.Figure.CPU, Bound.none()));
            }
        }
        return findings;
    }

    private Finding finding(String engine, int connections, Claim.Figure figure, Bound bound) {
        Load users = new Load(Exchange.USERS, connections);
        Load echo = new Load(Exchange.ECHO, connections);
        Interval ratio = new Claim(engine, engine, figure, users, bound)
                .ratio(results.windows(engine, users), results.windows(engine, echo));
        return new Finding(
                "`POST /users` : `POST /echo`",
                figure.title("request"),
                engine + ", " + connections + " connections",
                ratio,
                bound);
    }
}
