package dev.thrum.app;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.cli.PortChoice;
import dev.thrum.app.cli.TimeSpan;
import dev.thrum.app.cli.TlsFlag;
import dev.thrum.base.IoWords;
import dev.thrum.crawl.search.SearchIndex;
import dev.thrum.database.DatabaseConfig;
import dev.thrum.services.data.DataConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The flags of {@code thrum serve}, and the configuration made from them. */
final class ServeOptions {
    private final ServerOptions server = new ServerOptions();

    private final Flags services = new Flags("Services:");
    private final Flag<PortChoice> console = services.port("--console", 8888, "Lines: time, count, quit");
    private final Flag<PortChoice> echo = services.port("--echo", 9000, "Lines, echoed");
    private final Flag<PortChoice> greeter = services.port("--greeter", 8000, "Text without line ends");
    private final Flag<PortChoice> chat =
            services.portOrOff("--chat", "Lines: rooms in which clients reach each other");
    private final Flag<PortChoice> web = services.port("--web", 8080, "HTTP: the JSON API and its page");
    private final Flag<PortChoice> udpEcho = services.port("--udp-echo", 9000, "Datagrams, sent back");
    private final Flag<PortChoice> udpTime = services.port("--udp-time", 9001, "The time, for any datagram");
    private final Flag<PortChoice> admin =
            services.port("--admin", 9090, "Health and metrics over HTTP, on 127.0.0.1 only");

    private final Flags limits = new Flags(server.limits.heading());
    private final Flag<Integer> udpReplies =
            limits.count("--udp-replies", 50, "Maximum number of replies to one client address per second");

    private final Flags http = new Flags(server.http.heading());
    private final Flag<@Nullable String> files =
            http.text("--files", "DIR", "Serve the files of this folder under /files/ of --web (default: none)");
    private final Flag<@Nullable String> index =
            http.text("--index", "DIR", "Search the pages of this crawl under /search of --web (default: none)");

    private final CertificateOptions certificates = new CertificateOptions();

    private final Flags tls = new Flags(certificates.flags.heading());
    private final Flag<@Nullable String> encrypted =
            tls.text("--tls", "SERVICES", "The services that speak TLS, such as web,echo (default: none)");

    private final DataOptions data = new DataOptions();

    private final Flags database = new Flags(data.flags.heading());
    private final Flag<Integer> threads =
            database.count("--db-threads", 5, "Maximum threads for the database, each with its own connection");
    private final Flag<Integer> queue = database.count(
            "--db-queue", 1_000, "Maximum number of queued reads, and of queued writes; further ones get 503");
    private final Flag<TimeSpan> deadline =
            database.time("--db-deadline", "5s", "Maximum time for a read or a write, its wait included");
    private final Flag<Backups> backup = database.value(
            "--backup",
            "TIME",
            new Backups(Optional.of(TimeSpan.of("24h"))),
            Backups::parse,
            "How often the embedded database is copied to DIR/backups, or off");
    private final Flag<Integer> kept = database.count("--backup-keep", 7, "Number of these copies to keep");

    private final LogOptions log = new LogOptions();

    private final LoggingOptions logging = new LoggingOptions();
    private final Flag<Boolean> verbose = logging.flags.on(
            "--verbose", "Like --log-level debug, and also each line that console, echo, greeter and chat receive");

    List<Flags> flags() {
        return List.of(
                server.address,
                services,
                server.engine,
                server.limits,
                limits,
                server.deadlines,
                server.http,
                http,
                tls,
                certificates.flags,
                data.flags,
                database,
                log.flags,
                logging.flags);
    }

    /** The time between two backups; empty for none. */
    private record Backups(Optional<TimeSpan> period) {
        static Backups parse(String text) {
            if (text.equals("off")) {
                return new Backups(Optional.empty());
            }
            try {
                return new Backups(Optional.of(TimeSpan.positive(text)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(e.getMessage() + "; off switches it off", e);
            }
        }

        @Override
        public String toString() {
            return period.map(TimeSpan::toString).orElse("off");
        }
    }

    /**
     * The configuration from the flags. The log level is set here, because anything after it may log.
     *
     * @param environment the variables, of which those that begin with PG are read
     * @throws IllegalArgumentException if flags contradict each other
     * @throws CommandException if the host of {@code --bind} does not exist
     */
    ServeConfig config(Map<String, String> environment) throws CommandException {
        logging.apply(verbose.value());
        InetAddress host = server.host();
        Optional<LogConfig> requests = log.config(data.folder());
        return new ServeConfig(
                host,
                distinct(ports()),
                server.engine(),
                server.limits(host),
                server.web().withFiles(folder()).withCrawl(crawl()),
                data(environment, requests),
                requests,
                encryption(),
                udpReplies.value(),
                server.drain());
    }

    private Optional<DataConfig> data(Map<String, String> environment, Optional<LogConfig> requests) {
        if (data.isNone()) {
            if (requests.isPresent() && requests.get().file().isEmpty()) {
                throw new IllegalArgumentException("expected a database for --access-log db but --db is none: leave out"
                        + " --db, or name a file with --access-log");
            }
            return Optional.empty();
        }
        Optional<TimeSpan> period = data.isEmbedded() ? backup.value().period() : Optional.empty();
        return Optional.of(new DataConfig(
                new DatabaseConfig(
                        data.source(environment),
                        threads.value(),
                        queue.value(),
                        deadline.value().duration()),
                data.folder(),
                period.map(every -> new DataConfig.Backups(every.duration(), kept.value())),
                requests.flatMap(LogConfig::kept)));
    }

    private ServeConfig.Encryption encryption() {
        Set<Service> on = EnumSet.noneOf(Service.class);
        ports().forEach((service, choice) -> {
            if (choice.port().isPresent()) {
                on.add(service);
            }
        });
        Set<Service> chosen = EnumSet.noneOf(Service.class);
        String given = encrypted.value();
        for (String name : given == null ? List.<String>of() : List.of(given.split(",", -1))) {
            Service service = encryptable(name.strip());
            if (!on.contains(service)) {
                throw new IllegalArgumentException("expected --tls to name services that are on, out of "
                        + TlsFlag.SERVICES.stream()
                                .filter(label -> on.contains(encryptable(label)))
                                .collect(Collectors.joining(", "))
                        + ", but " + service.label() + " is off; give it a port with --" + service.label()
                        + ", or leave it out");
            }
            chosen.add(service);
        }
        if (chosen.isEmpty() && certificates.given().isPresent()) {
            throw new IllegalArgumentException("expected --tls with "
                    + certificates.given().get() + " but no service is encrypted; name some, such as --tls web");
        }
        return new ServeConfig.Encryption(chosen, certificates.config(server.names()));
    }

    private static Service encryptable(String name) {
        for (Service service : Service.values()) {
            if (service.label().equals(name) && !service.usesDatagrams()) {
                return service;
            }
        }
        boolean isDatagrams = name.startsWith("udp-");
        throw new IllegalArgumentException("expected --tls to name services out of "
                + String.join(", ", TlsFlag.SERVICES) + " but was \"" + name + "\""
                + (isDatagrams ? ": TLS does not encrypt datagrams" : ""));
    }

    private Optional<Path> folder() {
        String name = files.value();
        if (name == null) {
            return Optional.empty();
        }
        if (web.value().port().isEmpty()) {
            throw new IllegalArgumentException(
                    "expected --web for --files but it is off; thrum files serves files only");
        }
        return Optional.of(Flags.folder("--files", name));
    }

    private Optional<Path> crawl() {
        String name = index.value();
        if (name == null) {
            return Optional.empty();
        }
        if (web.value().port().isEmpty()) {
            throw new IllegalArgumentException(
                    "expected --web for --index but it is off; thrum search searches without a server");
        }
        Path folder = Flags.folder("--index", name);
        try {
            SearchIndex.require(folder);
        } catch (IOException e) {
            throw new IllegalArgumentException("--index: " + IoWords.of(e), e);
        }
        return Optional.of(folder);
    }

    private Map<Service, PortChoice> ports() {
        Map<Service, PortChoice> ports = new EnumMap<>(Service.class);
        ports.put(Service.CONSOLE, console.value());
        ports.put(Service.ECHO, echo.value());
        ports.put(Service.GREETER, greeter.value());
        ports.put(Service.CHAT, chat.value());
        ports.put(Service.WEB, web.value());
        ports.put(Service.ADMIN, admin.value());
        ports.put(Service.UDP_ECHO, udpEcho.value());
        ports.put(Service.UDP_TIME, udpTime.value());
        return ports;
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
