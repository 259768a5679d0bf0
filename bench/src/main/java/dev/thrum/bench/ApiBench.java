package dev.thrum.bench;

import dev.thrum.bench.Turns.Turn;
import dev.thrum.bench.load.ApiRequests;
import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.options.StoreOptions;
import dev.thrum.bench.peers.HelidonUsers;
import dev.thrum.bench.tables.Claim;
import dev.thrum.bench.tables.Results;
import dev.thrum.bench.tables.WindowTable;
import dev.thrum.database.Database;
import dev.thrum.database.DatabaseConfig;
import dev.thrum.database.Source;
import dev.thrum.measure.Child;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import dev.thrum.store.Ledger;
import dev.thrum.store.Operation;
import dev.thrum.store.StoreSchema;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writing requests to {@code thrum serve}, compared with a request of the same size that doesn't write, and with a
 * conventional program (Helidon with HikariCP).
 */
final class ApiBench {
    private static final List<String> ENGINES = List.of("virtual", "events");
    private static final List<Exchange> EXCHANGES = List.of(Exchange.ECHO, Exchange.USERS, Exchange.DEPOSIT);
    private static final List<Integer> CONNECTIONS = List.of(64, 256);
    private static final String PEER = "helidon + hikari";
    private static final int JUDGED_AT = 64;

    /** Requests per second, compared with the peer's. */
    private static final Bound RATE = Bound.atLeast(4);

    /** CPU per request, compared with the peer's. */
    private static final Bound CPU = Bound.atMost(0.8, 0.8);

    private static final int WARM_UP_WINDOWS = 4;

    private final Processes processes;
    private final StoreOptions options;
    private final ScratchFolder folder;
    private final Results results = new Results();

    /** A running server, the exchanges it is measured with, and the action that ends it. */
    private record Served(Meter.Target target, List<Exchange> exchanges, Runnable end) {}

    ApiBench(Processes processes, StoreOptions options, ScratchFolder folder) {
        this.processes = processes;
        this.options = options;
        this.folder = folder;
    }

    void run(PrintStream out) throws IOException, InterruptedException {
        List<Served> servers = new ArrayList<>();
        try (Child generator = processes.generator()) {
            for (String engine : ENGINES) {
                servers.add(start(engine));
            }
            servers.add(startPeer());
            measure(new Meter(generator, options.window(), StoreBench.REPEATS), servers);
        } finally {
            servers.forEach(server -> server.end().run());
        }
        CONNECTIONS.forEach(connections -> table(out, connections));
        Finding.print(out, findings());
    }

    /** Starts Thrum with as much memory as the peer has. */
    private Served start(String engine) throws IOException {
        Path data = folder.resolve("api-" + engine);
        prepare(data);
        ServerProcess server = ServerProcess.start(
                processes.launcher(), List.of("JDK_JAVA_OPTIONS=-Xms256m -Xmx256m"), data, "--engine", engine);
        return new Served(new Meter.Target(engine, server.port("web"), server.pid()), EXCHANGES, server::close);
    }

    /** Starts the peer on the same tables; it commits once for each request. */
    private Served startPeer() throws IOException, InterruptedException {
        Path data = folder.resolve("api-peer");
        prepare(data);
        Child server =
                processes.server(HelidonUsers.class, data.resolve("thrum.db").toString());
        try {
            Meter.Target target = new Meter.Target(PEER, Processes.port(server), server.pid());
            return new Served(target, List.of(Exchange.USERS), server::close);
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Makes an account for the deposits, and lets ids start so high that all responses have the same length. */
    private static void prepare(Path data) {
        try (Database database = StoreSchema.open(DatabaseConfig.of(Source.embedded(data)))) {
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
        Turns turns = new Turns(options.rounds());
        List<Turn> all = new ArrayList<>();
        for (Served server : servers) {
            System.err.println("warming up " + server.target().name());
            for (Exchange exchange : server.exchanges()) {
                new Turn(meter, server.target(), new Load(exchange, JUDGED_AT)).warmUp(WARM_UP_WINDOWS);
            }
            loads().stream()
                    .filter(load -> server.exchanges().contains(load.exchange()))
                    .forEach(load -> all.add(new Turn(meter, server.target(), load)));
        }
        turns.measure("api", all, results);
    }

    /** All loads; deposits, which have no bound, are measured only with the smaller number of connections. */
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
        Load users = new Load(Exchange.USERS, connections);
        table.row(PEER + ", " + title(Exchange.USERS), results.windows(PEER, users), results.dirty(PEER, users));
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
                Load users = new Load(Exchange.USERS, connections);
                Load echo = new Load(Exchange.ECHO, connections);
                boolean judged = connections == JUDGED_AT;
                Claim rate = new Claim(engine, PEER, Claim.Figure.RATE, users, judged ? RATE : Bound.none());
                Claim cpu = new Claim(engine, PEER, Claim.Figure.CPU, users, judged ? CPU : Bound.none());
                findings.add(finding(rate, "Thrum : " + PEER, rate.ratio(results)));
                findings.add(finding(cpu, "Thrum : " + PEER, cpu.ratio(results)));
                Claim insert = new Claim(engine, engine, Claim.Figure.CPU, users, Bound.none());
                Interval ratio = insert.ratio(results.windows(engine, users), results.windows(engine, echo));
                findings.add(finding(insert, "`POST /users` : `POST /echo`", ratio));
            }
        }
        return findings;
    }

    private static Finding finding(Claim claim, String name, Interval ratio) {
        return new Finding(
                name,
                claim.figure().title("request"),
                claim.contender() + ", " + claim.load().connections() + " connections",
                ratio,
                claim.bound());
    }
}
