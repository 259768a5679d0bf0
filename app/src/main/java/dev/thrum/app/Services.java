package dev.thrum.app;

import dev.thrum.engine.Clock;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.DatagramHandler;
import dev.thrum.engine.DatagramServer;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The services under way: one engine, the servers on it, and the datagram servers beside it. */
final class Services implements AutoCloseable {
    private static final System.Logger GREETINGS = System.getLogger("dev.thrum.greeter");

    private final Engine engine;
    private final ZoneId zone;

    // All written by open only, before the services are published.
    private final List<Server> servers = new ArrayList<>();
    private final List<DatagramServer> datagramServers = new ArrayList<>();
    private final Map<Service, InetSocketAddress> addresses = new EnumMap<>(Service.class);

    private Services(Engine engine, ZoneId zone) {
        this.engine = engine;
        this.zone = zone;
    }

    /** Starts what is not switched off; all of it or nothing. */
    static Services open(ServeConfig config, ZoneId zone) throws CommandException {
        Services services = new Services(config.engine().open(), zone);
        try {
            for (Map.Entry<Service, PortChoice> choice : config.ports().entrySet()) {
                if (choice.getValue().port().isPresent()) {
                    services.start(choice.getKey(), choice.getValue().port().getAsInt(), config);
                }
            }
            return services;
        } catch (CommandException | RuntimeException e) {
            services.close();
            throw e;
        }
    }

    private void start(Service service, int port, ServeConfig config) throws CommandException {
        InetSocketAddress address = new InetSocketAddress(config.host(), port);
        try {
            addresses.put(
                    service,
                    service.usesDatagrams()
                            ? answer(service, address, config.udpAnswers())
                            : serve(service, address, config));
        } catch (IOException e) {
            throw new CommandException(
                    "cannot listen on " + Addresses.text(address) + " (" + service.label() + "): "
                            + reason(e, service.label()),
                    e);
        }
    }

    private InetSocketAddress serve(Service service, InetSocketAddress address, ServeConfig config) throws IOException {
        Server server = engine.listen(address, handler(service), config.limits());
        servers.add(server);
        return server.address();
    }

    private InetSocketAddress answer(Service service, InetSocketAddress address, int perSecond) throws IOException {
        DatagramServer server = DatagramServer.open(address, datagrams(service), perSecond, engine.clock());
        datagramServers.add(server);
        return server.address();
    }

    private ConnectionHandler handler(Service service) {
        return switch (service) {
            case CONSOLE -> new Console(zone).handler();
            case ECHO -> Echo.handler();
            case GREETER ->
                Greeter.handler(
                        result -> GREETINGS.log(Level.INFO, result), warning -> GREETINGS.log(Level.WARNING, warning));
            case UDP_ECHO, UDP_TIME -> throw new IllegalArgumentException("expected a TCP service but was " + service);
        };
    }

    private DatagramHandler datagrams(Service service) {
        Clock clock = engine.clock();
        return switch (service) {
            case UDP_ECHO -> Datagrams.echo();
            case UDP_TIME -> Datagrams.time(clock, zone);
            case CONSOLE, ECHO, GREETER ->
                throw new IllegalArgumentException("expected a UDP service but was " + service);
        };
    }

    /** The JDK tells by its message alone why an address can't be had. */
    private static String reason(IOException e, String flag) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("in use")) {
            return "the port is in use; stop the other program or choose another with --" + flag + " PORT";
        }
        if (message.contains("assign")) {
            return "the address is not of this machine; choose one that is with --bind HOST";
        }
        if (message.contains("ermission")) {
            return "this user may not; choose a port from 1024 up with --" + flag + " PORT";
        }
        return e instanceof BindException ? message : e.toString();
    }

    String engineName() {
        return engine.name();
    }

    /** The services that were started, and where. */
    Map<Service, InetSocketAddress> addresses() {
        return addresses;
    }

    /** How many conversations are under way. */
    int conversations() {
        return servers.stream().mapToInt(Server::conversations).sum();
    }

    /**
     * Accepts nobody any more and lets conversations finish until the deadline.
     *
     * @return whether all finished by themselves
     */
    boolean drain(Duration deadline) {
        datagramServers.forEach(DatagramServer::close);
        return engine.shutdown(deadline);
    }

    @Override
    public void close() {
        datagramServers.forEach(DatagramServer::close);
        engine.close();
    }
}
