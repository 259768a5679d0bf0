package dev.thrum.app;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.PortChoice;
import dev.thrum.app.search.SearchRoutes;
import dev.thrum.base.AddressText;
import dev.thrum.base.Clock;
import dev.thrum.base.IoWords;
import dev.thrum.database.DatabaseException;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.DatagramHandler;
import dev.thrum.engine.DatagramServer;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.server.ExchangeObserver;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.http.server.RequestStats;
import dev.thrum.log.LogFile;
import dev.thrum.log.LogSink;
import dev.thrum.log.LogStream;
import dev.thrum.log.RequestLog;
import dev.thrum.services.Chat;
import dev.thrum.services.ChatLog;
import dev.thrum.services.Console;
import dev.thrum.services.Datagrams;
import dev.thrum.services.Echo;
import dev.thrum.services.Greeter;
import dev.thrum.services.admin.Admin;
import dev.thrum.services.admin.DatabaseMetrics;
import dev.thrum.services.admin.LogMetrics;
import dev.thrum.services.admin.Metrics;
import dev.thrum.services.data.Data;
import dev.thrum.services.data.DataConfig;
import dev.thrum.services.data.LogTable;
import dev.thrum.services.web.FilesRoutes;
import dev.thrum.services.web.RequestRecorder;
import dev.thrum.services.web.Routes;
import dev.thrum.services.web.Web;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The running services: one engine, the servers on it, and the datagram servers next to it. */
final class Services implements AutoCloseable {
    private static final int ADMIN_CONNECTIONS = 64;

    /** Platform threads: those of an engine that is watched could keep all carriers of virtual threads. */
    private static final int ADMIN_WORKERS = 4;

    /** How many lines a client of the chat may send at once, and after which time one more. */
    private static final int CHAT_BURST = 10;

    private static final Duration CHAT_PACE = Duration.ofMillis(200);

    /** Time for database calls that are still in flight when the conversations have ended. */
    private static final Duration LAST_CALLS = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger("dev.thrum.serve");
    private static final System.Logger GREETINGS = System.getLogger("dev.thrum.greeter");

    private final Engine engine;
    private final ZoneId zone;
    private final Set<Service> encrypted;
    private final RequestStats requests = new RequestStats();

    // Set once, by the first thread that drains.
    private volatile boolean draining;

    // Written only by open, before the services are published.
    private final List<Server> servers = new ArrayList<>();
    private final List<DatagramServer> datagramServers = new ArrayList<>();
    private @Nullable Data data;
    private @Nullable RequestLog log;
    private @Nullable Certificates certificates;
    private @Nullable SearchRoutes search;
    private final List<Engine> adminEngines = new ArrayList<>();
    private final Map<Service, InetSocketAddress> addresses = new EnumMap<>(Service.class);

    /** Distinguishes the requests of this program from those of others: 40 random bits. */
    private final String name = Long.toString(new SplittableRandom().nextLong(1L << 40), Character.MAX_RADIX) + "-";

    private Services(Engine engine, ZoneId zone, Set<Service> encrypted) {
        this.engine = engine;
        this.zone = zone;
        this.encrypted = encrypted;
    }

    /** Starts every service that is not off; if one can't be started, none is. */
    static Services open(ServeConfig config, ZoneId zone) throws CommandException {
        Services services =
                new Services(config.engine().open(), zone, config.encryption().services());
        try {
            services.encrypt(config);
            for (Map.Entry<Service, PortChoice> choice : config.ports().entrySet()) {
                if (choice.getValue().port().isPresent()) {
                    services.start(choice.getKey(), choice.getValue().port().getAsInt(), config);
                }
            }
            if (services.data != null) {
                services.data.start();
            }
            if (services.certificates != null) {
                services.certificates.watch(services.engine);
            }
            return services;
        } catch (CommandException | RuntimeException e) {
            services.close();
            throw e;
        }
    }

    /** Opens the certificates, before anything listens. */
    private void encrypt(ServeConfig config) throws CommandException {
        Set<Service> encrypted = config.encryption().services();
        if (!encrypted.isEmpty()) {
            List<InetAddress> bound = encrypted.stream()
                    .map(service -> host(service, config))
                    .distinct()
                    // The address of the clients first: the subject of a certificate that is made.
                    .sorted(Comparator.comparing(address -> !address.equals(config.host())))
                    .toList();
            certificates = Certificates.open(
                    config.encryption().certificates(),
                    bound,
                    new Certificates.Kinds(
                            encrypted.stream().anyMatch(service -> !service.speaksHttp()),
                            encrypted.stream().anyMatch(Service::speaksHttp)),
                    engine.clock());
        }
    }

    private static InetAddress host(Service service, ServeConfig config) {
        return service.isForOperator() ? InetAddress.getLoopbackAddress() : config.host();
    }

    /** Listens, with TLS if this service is to be encrypted. */
    private Server listen(
            Engine on, Service service, InetSocketAddress address, ConnectionHandler handler, Limits limits)
            throws IOException {
        Certificates shown = certificates;
        if (shown == null || !encrypted.contains(service)) {
            return on.listen(address, handler, limits);
        }
        return on.listen(address, handler, limits, service.speaksHttp() ? shown.http() : shown.lines());
    }

    private void start(Service service, int port, ServeConfig config) throws CommandException {
        InetSocketAddress address = new InetSocketAddress(host(service, config), port);
        try {
            addresses.put(service, bound(service, address, config));
        } catch (IOException e) {
            throw new CommandException(
                    "cannot listen on " + AddressText.of(address) + " (" + service.label() + "): "
                            + reason(e, service.label()),
                    e);
        }
    }

    private InetSocketAddress bound(Service service, InetSocketAddress address, ServeConfig config)
            throws IOException, CommandException {
        return switch (service) {
            case CONSOLE, ECHO, GREETER, CHAT, WEB -> serve(service, address, config);
            case UDP_ECHO, UDP_TIME -> serveDatagrams(service, address, config.udpReplies());
            case ADMIN -> administer(address, config);
        };
    }

    private InetSocketAddress serve(Service service, InetSocketAddress address, ServeConfig config)
            throws IOException, CommandException {
        Server server = listen(engine, service, address, handler(service, config), config.limits());
        servers.add(server);
        return server.address();
    }

    /**
     * On an engine of its own, because it must respond even when the other engine has no free slot, worker or turn for
     * it.
     */
    private InetSocketAddress administer(InetSocketAddress address, ServeConfig config) throws IOException {
        List<MeterBinder> more = new ArrayList<>();
        if (data != null) {
            more.add(new DatabaseMetrics(data));
        }
        if (log != null) {
            more.add(new LogMetrics(log));
        }
        if (certificates != null) {
            more.add(certificates.metrics());
        }
        Admin admin = new Admin(engine, new Metrics(engine, requests, more), () -> !draining, data, log);
        HttpServer pages = HttpServer.over(admin.handler(), config.web().http(ExchangeObserver.NOBODY, ""));
        Engine own = Engine.threads(ADMIN_WORKERS, ADMIN_CONNECTIONS);
        adminEngines.add(own);
        Limits limits = Limits.defaults().withMaxConnections(ADMIN_CONNECTIONS);
        return listen(own, Service.ADMIN, address, pages, limits).address();
    }

    private InetSocketAddress serveDatagrams(Service service, InetSocketAddress address, int perSecond)
            throws IOException {
        DatagramServer server = DatagramServer.open(address, datagrams(service), perSecond, engine.clock());
        datagramServers.add(server);
        return server.address();
    }

    private ConnectionHandler handler(Service service, ServeConfig config) throws CommandException {
        return switch (service) {
            case CONSOLE -> new Console(zone).handler();
            case ECHO -> Echo.handler();
            case GREETER ->
                Greeter.handler(
                        result -> GREETINGS.log(Level.INFO, result), warning -> GREETINGS.log(Level.WARNING, warning));
            case CHAT -> chat(config).handler();
            case WEB ->
                HttpServer.over(
                        new Web(engine.clock(), zone, parts(config))
                                .handler(config.web().hostCheck(config.host())),
                        logged(config.web().http(requests, name), config));
            case UDP_ECHO, UDP_TIME, ADMIN ->
                throw new IllegalArgumentException("expected a TCP service for clients but was " + service);
        };
    }

    private List<Routes> parts(ServeConfig config) throws CommandException {
        List<Routes> parts = new ArrayList<>();
        // First, so that a bad folder is reported before a database is opened.
        if (config.web().files().isPresent()) {
            parts.add(openFiles(config.web().files().get(), engine.clock()));
        }
        if (config.web().crawl().isPresent()) {
            search = openSearch(config.web().crawl().get(), engine.clock());
            parts.add(search);
        }
        if (config.data().isPresent()) {
            parts.addAll(data(config.data().get()).routes());
        }
        return parts;
    }

    /** The web services use the database, and the chat one that servers share; without them none is opened. */
    private Data data(DataConfig config) throws CommandException {
        Data opened = data;
        if (opened == null) {
            opened = openData(config, engine.clock());
            data = opened;
        }
        return opened;
    }

    private Chat chat(ServeConfig config) throws CommandException {
        Optional<DataConfig> shared =
                config.data().filter(each -> each.database().source().file().isEmpty());
        try {
            Optional<ChatLog> log = shared.isPresent() ? data(shared.get()).chat() : Optional.empty();
            return log.isPresent() ? Chat.over(log.get(), CHAT_BURST, CHAT_PACE) : new Chat(CHAT_BURST, CHAT_PACE);
        } catch (DatabaseException e) {
            throw new CommandException(e);
        }
    }

    private HttpConfig logged(HttpConfig web, ServeConfig config) throws CommandException {
        if (config.log().isEmpty()) {
            return web;
        }
        LogConfig how = config.log().get();
        RequestLog opened = RequestLog.open(sink(how), engine.clock(), how.capacity(), how.whenFull());
        log = opened;
        return web.withLog(new RequestRecorder(opened, engine.clock()));
    }

    private LogSink sink(LogConfig how) throws CommandException {
        if (how.file().isEmpty()) {
            return new LogTable(Objects.requireNonNull(data).requests(), name);
        }
        Path file = how.file().get();
        Optional<LogSink> stream = LogStream.named(file, how.format(), zone);
        if (stream.isPresent()) {
            return stream.get();
        }
        try {
            return LogFile.open(file, how.format(), how.rotation(), engine.clock(), zone);
        } catch (IOException e) {
            throw new CommandException(
                    "cannot write the log of requests to " + file + ": " + IoWords.of(e)
                            + "; name another file with --access-log",
                    e);
        }
    }

    private DatagramHandler datagrams(Service service) {
        Clock clock = engine.clock();
        return switch (service) {
            case UDP_ECHO -> Datagrams.echo();
            case UDP_TIME -> Datagrams.time(clock, zone);
            case CONSOLE, ECHO, GREETER, CHAT, WEB, ADMIN ->
                throw new IllegalArgumentException("expected a UDP service but was " + service);
        };
    }

    /** Why an address can't be bound, for users. Only the message of the JDK's exception tells the causes apart. */
    static String reason(IOException e, String flag) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("in use")) {
            return "the port is in use; stop the other program or choose another with --" + flag + " PORT";
        }
        if (message.contains("assign")) {
            return "this machine does not have the address; choose one that it has with --bind HOST";
        }
        if (message.contains("ermission")) {
            return "this user may not use the port; choose one from 1024 up with --" + flag + " PORT";
        }
        return IoWords.of(e);
    }

    String engineName() {
        return engine.name();
    }

    /** The addresses of the services that were started. */
    Map<Service, InetSocketAddress> addresses() {
        return addresses;
    }

    /** Whether a service speaks TLS. */
    boolean isEncrypted(Service service) {
        return encrypted.contains(service);
    }

    /** A line about each certificate, for users. */
    List<String> certificates() {
        return certificates == null ? List.of() : certificates.descriptions();
    }

    /** Number of running conversations. */
    int conversations() {
        return servers.stream().mapToInt(Server::conversations).sum();
    }

    /**
     * Accepts no more connections, and lets conversations finish until the deadline.
     *
     * @return whether all of them finished
     */
    boolean drain(Duration deadline) {
        draining = true;
        datagramServers.forEach(DatagramServer::close);
        long end = engine.clock().nanoTime() + Clock.nanos(deadline);
        boolean clean = engine.shutdown(deadline);
        drainLog(Duration.ofNanos(end - engine.clock().nanoTime()));
        if (data != null) {
            data.drain(LAST_CALLS);
        }
        return clean;
    }

    /** Gives the log the time that a working disk needs, however long the conversations took. */
    private void drainLog(Duration left) {
        try {
            if (log != null) {
                boolean _ = log.drain(left.compareTo(LAST_CALLS) > 0 ? left : LAST_CALLS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Removes this program from the list of programs that use the database, when it ends without a drain. Any thread
     * may call it.
     */
    void leave() {
        if (data != null) {
            data.leave();
        }
    }

    @Override
    public void close() {
        if (certificates != null) {
            certificates.close();
        }
        datagramServers.forEach(DatagramServer::close);
        engine.close();
        if (log != null) {
            log.close();
        }
        if (data != null) {
            data.close();
        }
        adminEngines.forEach(Engine::close);
        closeSearch();
    }

    private void closeSearch() {
        try {
            if (search != null) {
                search.close();
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "expected to close the index but it failed: " + IoWords.of(e));
        }
    }

    private static SearchRoutes openSearch(Path crawl, Clock clock) throws CommandException {
        try {
            return SearchRoutes.open(crawl, clock);
        } catch (IOException e) {
            throw new CommandException(e);
        }
    }

    private static FilesRoutes openFiles(Path folder, Clock clock) throws CommandException {
        try {
            return FilesRoutes.open(folder, clock);
        } catch (IOException e) {
            throw new CommandException(e);
        }
    }

    private static Data openData(DataConfig config, Clock clock) throws CommandException {
        if (config.database().source().file().isPresent()) {
            NativeFolder.requireForDatabase();
        }
        try {
            return Data.open(config, clock);
        } catch (DatabaseException e) {
            throw new CommandException(e);
        }
    }
}
