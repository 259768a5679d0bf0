package dev.thrum.app;

import dev.thrum.engine.Limits;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.TrustedProxies;
import dev.thrum.store.DatabaseConfig;
import dev.thrum.store.Source;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The flags of {@code thrum serve}; picocli writes the fields, once, before they are read.
 *
 * <p>The tens of their {@code order} say below which of the {@link #HEADINGS} the help shows them.
 */
final class ServeOptions {
    static final Map<Integer, String> HEADINGS = Map.of(
            1,
            "Services (PORT is a number, 0 for a free one, or off):",
            2,
            "Engine:",
            3,
            "Limits:",
            4,
            "Deadlines (500ms, 10s, 5m, 1h):",
            5,
            "Web:",
            6,
            "Data:",
            LogOptions.TENS,
            LogOptions.HEADING);

    private static final String DEFAULT = " (default: ${DEFAULT-VALUE})";

    @Mixin
    private BindOptions bind = new BindOptions();

    @Mixin
    private Ports ports = new Ports();

    @Mixin
    private EngineOptions engine = new EngineOptions();

    @Mixin
    private WebOptions web = new WebOptions();

    @Option(
            names = "--files",
            order = 53,
            paramLabel = "DIR",
            description = "A folder whose files are served under /files/ of --web (default: none)")
    private @Nullable String files;

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private DatabaseOptions database = new DatabaseOptions();

    @Mixin
    private LogOptions log = new LogOptions();

    @Mixin
    private LimitOptions limits = new LimitOptions();

    @Mixin
    private DeadlineOptions deadlines = new DeadlineOptions();

    static final class Ports {
        @Option(
                names = "--console",
                order = 12,
                paramLabel = "PORT",
                converter = PortChoice.Converter.class,
                description = "Lines: time, count, quit" + DEFAULT)
        private PortChoice console = PortChoice.of(8888);

        @Option(
                names = "--echo",
                order = 13,
                paramLabel = "PORT",
                converter = PortChoice.Converter.class,
                description = "Lines, echoed" + DEFAULT)
        private PortChoice echo = PortChoice.of(9000);

        @Option(
                names = "--greeter",
                order = 14,
                paramLabel = "PORT",
                converter = PortChoice.Converter.class,
                description = "Text without line ends" + DEFAULT)
        private PortChoice greeter = PortChoice.of(8000);

        @Option(
                names = "--web",
                order = 15,
                paramLabel = "PORT",
                converter = PortChoice.Converter.class,
                description = "HTTP: the JSON API and its page" + DEFAULT)
        private PortChoice web = PortChoice.of(8080);

        @Option(
                names = "--admin",
                order = 18,
                paramLabel = "PORT",
                converter = PortChoice.Converter.class,
                description = "HTTP for the operator, on 127.0.0.1 only: health, metrics, connections" + DEFAULT)
        private PortChoice admin = PortChoice.of(9090);

        @Option(
                names = "--udp-echo",
                order = 16,
                paramLabel = "PORT",
                converter = PortChoice.Converter.class,
                description = "Datagrams, sent back" + DEFAULT)
        private PortChoice udpEcho = PortChoice.of(9000);

        @Option(
                names = "--udp-time",
                order = 17,
                paramLabel = "PORT",
                converter = PortChoice.Converter.class,
                description = "The time, for any datagram" + DEFAULT)
        private PortChoice udpTime = PortChoice.of(9001);

        @Option(
                names = "--udp-answers",
                order = 33,
                paramLabel = "N",
                converter = Count.FromOne.class,
                description = "Datagrams sent to one client address in a second" + DEFAULT)
        private int udpAnswers = 50;
    }

    static final class EngineOptions {
        @Option(
                names = "--engine",
                order = 21,
                paramLabel = "NAME",
                converter = EngineKind.Converter.class,
                description =
                        "threads: a fixed pool; virtual: a virtual thread per connection; events: event loops that"
                                + " carry virtual threads" + DEFAULT)
        private EngineKind kind = EngineKind.VIRTUAL;

        @Option(
                names = "--max-threads",
                order = 22,
                paramLabel = "N",
                converter = Count.FromOne.class,
                description = "Workers of engine threads" + DEFAULT)
        private int maxThreads = 200;

        @Option(
                names = "--max-waiting",
                order = 23,
                paramLabel = "N",
                converter = Count.FromZero.class,
                description = "Connections that may wait for one of them" + DEFAULT)
        private int maxWaiting = 1_000;

        @Option(
                names = "--transport",
                order = 24,
                paramLabel = "NAME",
                converter = EngineKind.TransportConverter.class,
                description = "How engine events talks to the kernel: epoll, io_uring or nio" + DEFAULT)
        private TransportKind transport = EventOptions.defaults().transport();

        @Option(
                names = "--loops",
                order = 25,
                paramLabel = "N",
                converter = Count.FromOne.class,
                description = "Its event loops (default: one for each core)")
        private int loops = EventOptions.defaults().loops();

        @Option(
                names = "--stall",
                order = 26,
                paramLabel = "TIME",
                converter = Span.Converter.class,
                description = "A loop that serves nobody for so long is reported" + DEFAULT)
        private Span stall = Span.of("100ms");

        EngineConfig config() {
            EventOptions events = new EventOptions(transport, loops, positive("--stall", stall));
            return new EngineConfig(kind, maxThreads, maxWaiting, events);
        }
    }

    static final class WebOptions {
        @Option(
                names = "--host",
                order = 51,
                paramLabel = "NAME",
                split = ",",
                description = "Names that clients may ask for over HTTP, besides localhost and the address (default:"
                        + " any, but on a loopback address none)")
        private List<String> hosts = List.of();

        @Option(
                names = "--trust-proxy",
                order = 52,
                paramLabel = "CIDR",
                split = ",",
                description = "Networks of proxies that are believed who their client is (default: none)")
        private List<String> proxies = List.of();

        WebConfig config(DeadlineOptions deadlines) {
            return new WebConfig(hosts(), trusted(), deadlines.pace(), Optional.empty());
        }

        private List<String> hosts() {
            hosts.stream()
                    .filter(host -> !host.matches("[\\w.-]+|\\[[0-9a-fA-F:.]+]"))
                    .findFirst()
                    .ifPresent(host -> {
                        throw new IllegalArgumentException(
                                "expected --host to name hosts without ports but was \"" + host + "\"");
                    });
            return hosts;
        }

        private TrustedProxies trusted() {
            try {
                return TrustedProxies.of(proxies);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--trust-proxy: " + e.getMessage(), e);
            }
        }
    }

    static final class DatabaseOptions {
        @Option(
                names = "--db-threads",
                order = 63,
                paramLabel = "N",
                converter = Count.FromOne.class,
                description = "The most threads that talk to the database, each over a connection of its own" + DEFAULT)
        private int threads = 5;

        @Option(
                names = "--db-queue",
                order = 64,
                paramLabel = "N",
                converter = Count.FromOne.class,
                description = "Reads and writes that may wait for one of them, each; beyond that 503" + DEFAULT)
        private int queue = 1_000;

        @Option(
                names = "--db-deadline",
                order = 65,
                paramLabel = "TIME",
                converter = Span.Converter.class,
                description = "How long one of them may take in all" + DEFAULT)
        private Span deadline = Span.of("5s");

        @Option(
                names = "--backup",
                order = 66,
                paramLabel = "TIME",
                description = "How often the embedded database is copied to DIR/backups, or off" + DEFAULT)
        private String backup = "24h";

        @Option(
                names = "--backup-keep",
                order = 67,
                paramLabel = "N",
                converter = Count.FromOne.class,
                description = "How many of these copies are kept" + DEFAULT)
        private int kept = 7;

        Optional<DataConfig> config(DataOptions data, Map<String, String> environment, Optional<LogConfig> log) {
            if (data.isNone()) {
                if (log.isPresent() && log.get().file().isEmpty()) {
                    throw new IllegalArgumentException(
                            "expected a database for --access-log db but --db is none: leave out"
                                    + " --db, or name a file with --access-log");
                }
                return Optional.empty();
            }
            Source source = data.source(environment);
            return Optional.of(new DataConfig(
                    new DatabaseConfig(source, threads, queue, positive("--db-deadline", deadline)),
                    data.folder(),
                    data.isEmbedded() ? backups() : Optional.empty(),
                    log.flatMap(LogConfig::kept)));
        }

        private Optional<DataConfig.Backups> backups() {
            if (backup.equals("off")) {
                return Optional.empty();
            }
            try {
                return Optional.of(new DataConfig.Backups(positive("--backup", Span.of(backup)), kept));
            } catch (TypeConversionException e) {
                throw new IllegalArgumentException("--backup: " + e.getMessage() + "; off switches it off", e);
            }
        }
    }

    static final class LimitOptions {
        @Option(
                names = "--max-connections",
                order = 31,
                paramLabel = "N",
                converter = Count.FromOne.class,
                description = "Over all ports" + DEFAULT)
        private int maxConnections = 10_000;

        @Option(
                names = "--max-per-peer",
                order = 32,
                paramLabel = "N",
                converter = Count.FromOne.class,
                description = "Of one client address (default: 1000; on a loopback address no limit of its own,"
                        + " because local users and a proxy in front share one)")
        private int maxPerPeer = UNSET;

        private static final int UNSET = 0;

        Limits limits(InetAddress host, Limits.Deadlines deadlines) {
            int shared = host.isLoopbackAddress()
                    ? maxConnections
                    : Limits.defaults().maxPerPeer();
            return new Limits(maxConnections, maxPerPeer == UNSET ? shared : maxPerPeer, deadlines);
        }
    }

    static final class DeadlineOptions {
        @Option(
                names = "--idle",
                order = 41,
                paramLabel = "TIME",
                converter = Span.Converter.class,
                description = "How long a client may be silent" + DEFAULT)
        private Span idle = Span.of("10m");

        @Option(
                names = "--read-deadline",
                order = 42,
                paramLabel = "TIME",
                converter = Span.Converter.class,
                description = "How long it may take to complete what it began to send" + DEFAULT)
        private Span read = Span.of("60s");

        @Option(
                names = "--write-deadline",
                order = 43,
                paramLabel = "TIME",
                converter = Span.Converter.class,
                description = "How long it may take to receive 64 KiB" + DEFAULT)
        private Span write = Span.of("30s");

        @Option(
                names = "--idle-under-load",
                order = 44,
                paramLabel = "TIME",
                converter = Span.Converter.class,
                description = "Instead of --idle, while others wait for a worker" + DEFAULT)
        private Span idleUnderLoad = Span.of("10s");

        @Option(
                names = "--keep-alive",
                order = 45,
                paramLabel = "TIME",
                converter = Span.Converter.class,
                description = "How long an HTTP connection may be silent between two requests" + DEFAULT)
        private Span keepAlive = Span.of("60s");

        @Option(
                names = "--drain",
                order = 46,
                paramLabel = "TIME",
                converter = Span.Converter.class,
                description = "How long conversations may take to finish after Ctrl-C" + DEFAULT)
        private Span drain = Span.of("10s");

        HttpLimits.Pace pace() {
            return WebConfig.pace(positive("--keep-alive", keepAlive), idle.duration(), read.duration());
        }

        Span drain() {
            return drain;
        }

        Limits.Deadlines deadlines() {
            return new Limits.Deadlines(
                    positive("--idle", idle),
                    positive("--read-deadline", read),
                    positive("--write-deadline", write),
                    positive("--idle-under-load", idleUnderLoad));
        }
    }

    private static Duration positive(String flag, Span span) {
        if (span.duration().isZero()) {
            throw new IllegalArgumentException("expected " + flag + " to be at least 1ms but it was " + span);
        }
        return span.duration();
    }

    /**
     * The configuration that the flags add up to.
     *
     * @param environment where the PG variables are
     * @throws IllegalArgumentException if they contradict each other
     * @throws CommandException if the host is not known
     */
    ServeConfig config(Map<String, String> environment) throws CommandException {
        InetAddress host = bind.host();
        Optional<LogConfig> requests = log.config(data.folder());
        return new ServeConfig(
                host,
                distinct(choices()),
                engine.config(),
                limits.limits(host, deadlines.deadlines()),
                web.config(deadlines).withFiles(files()),
                database.config(data, environment, requests),
                requests,
                ports.udpAnswers,
                deadlines.drain);
    }

    private Optional<Path> files() {
        if (files == null) {
            return Optional.empty();
        }
        if (ports.web.port().isEmpty()) {
            throw new IllegalArgumentException(
                    "expected --web for --files but it is off; thrum files serves files alone");
        }
        return Optional.of(FilesRoutes.folder("--files", files));
    }

    private Map<Service, PortChoice> choices() {
        Map<Service, PortChoice> choices = new EnumMap<>(Service.class);
        choices.put(Service.CONSOLE, ports.console);
        choices.put(Service.ECHO, ports.echo);
        choices.put(Service.GREETER, ports.greeter);
        choices.put(Service.WEB, ports.web);
        choices.put(Service.ADMIN, ports.admin);
        choices.put(Service.UDP_ECHO, ports.udpEcho);
        choices.put(Service.UDP_TIME, ports.udpTime);
        return choices;
    }

    private static Map<Service, PortChoice> distinct(Map<Service, PortChoice> choices) {
        for (Map.Entry<Service, PortChoice> one : choices.entrySet()) {
            for (Map.Entry<Service, PortChoice> other : choices.entrySet()) {
                if (one.getKey().compareTo(other.getKey()) < 0
                        && one.getKey().usesDatagrams() == other.getKey().usesDatagrams()
                        && one.getValue().collidesWith(other.getValue())) {
                    throw new IllegalArgumentException("expected different ports but --"
                            + one.getKey().label() + " and --" + other.getKey().label() + " both ask for "
                            + one.getValue());
                }
            }
        }
        boolean noneForClients = choices.entrySet().stream()
                .filter(choice -> !choice.getKey().isForOperator())
                .allMatch(choice -> choice.getValue().port().isEmpty());
        if (noneForClients) {
            throw new IllegalArgumentException("expected at least one service but all are off");
        }
        return choices;
    }
}
