package dev.thrum.app;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.cli.TimeSpan;
import dev.thrum.engine.Limits;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import dev.thrum.http.server.TrustedProxies;
import dev.thrum.services.web.WebConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** The flags that all servers share: {@code thrum serve} and {@code thrum files}. */
final class ServerOptions {
    private static final String LOOPS = "Event loops of engine events (default: one for each core)";
    private static final String PER_PEER =
            "Maximum connections of one client address (default: 1000; no separate limit on"
                    + " a loopback address, because local users and a proxy share it)";

    /** Means the default, which depends on the address. */
    private static final int UNSET = 0;

    final Flags address = new Flags("Address:");
    private final Flag<String> bind =
            address.value("--bind", "HOST", "127.0.0.1", text -> text, "The address to listen on; 0.0.0.0 for all");

    final Flags engine = new Flags("Engine:");
    private final Flag<EngineKind> kind = engine.choice(
            "--engine",
            "NAME",
            EngineKind.VIRTUAL,
            "threads: a fixed pool; virtual: a virtual thread per connection; events: event loops that run virtual"
                    + " threads");
    private final Flag<Integer> maxThreads = engine.count("--max-threads", 200, "Worker threads of engine threads");
    private final Flag<Integer> maxWaiting =
            engine.countOrZero("--max-waiting", 1_000, "Connections that may wait for a worker thread");
    private final Flag<TransportKind> transport = engine.choice(
            "--transport",
            "NAME",
            EventOptions.defaults().transport(),
            "How engine events talks to the kernel: epoll, io_uring or nio");
    private final Flag<Integer> loops =
            engine.count("--loops", EventOptions.defaults().loops(), LOOPS);
    private final Flag<TimeSpan> stall =
            engine.time("--stall", "100ms", "Report an event loop that serves no connection for this time");

    final Flags limits = new Flags("Limits:");
    private final Flag<Integer> maxConnections =
            limits.count("--max-connections", 10_000, "Maximum connections, over all ports");
    private final Flag<Integer> maxPerPeer = limits.count("--max-per-peer", UNSET, PER_PEER);

    final Flags deadlines = new Flags("Deadlines (500ms, 10s, 5m, 1h):");
    private final Flag<TimeSpan> idle = deadlines.time("--idle", "10m", "How long a client may be silent");
    private final Flag<TimeSpan> read = deadlines.time(
            "--read-deadline", "60s", "How long a client may take to complete a line or a request that it has begun");
    private final Flag<TimeSpan> write =
            deadlines.time("--write-deadline", "30s", "How long a client may take to receive 64 KiB");
    private final Flag<TimeSpan> idleUnderLoad =
            deadlines.time("--idle-under-load", "10s", "Replaces --idle while other connections wait for a worker");
    private final Flag<TimeSpan> keepAlive =
            deadlines.time("--keep-alive", "60s", "How long an HTTP connection may be silent between two requests");
    private final Flag<TimeSpan> drain =
            deadlines.timeOrZero("--drain", "10s", "How long conversations may take to finish after Ctrl-C");

    final Flags http = new Flags("HTTP:");
    private final Flag<List<String>> hosts = http.texts(
            "--host",
            "NAME",
            "Names that clients may use for this server, besides localhost and its address (default: any; on a"
                    + " loopback address none, against DNS rebinding)");
    private final Flag<List<String>> proxies =
            http.texts("--trust-proxy", "CIDR", "Proxy networks whose Forwarded headers are trusted (default: none)");

    /**
     * The address to listen on.
     *
     * @throws IllegalArgumentException if the flag is empty
     * @throws CommandException if the host does not exist
     */
    InetAddress host() throws CommandException {
        String name = bind.value();
        if (name.isBlank()) {
            throw new IllegalArgumentException("expected --bind to name a host but it was empty; use an address such as"
                    + " 127.0.0.1 or 0.0.0.0");
        }
        String bare = name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
        try {
            return InetAddress.getByName(bare);
        } catch (UnknownHostException e) {
            throw new CommandException(
                    "expected --bind to name a host of this machine but \"" + name
                            + "\" was not found; use an address such as 127.0.0.1 or 0.0.0.0",
                    e);
        }
    }

    /** The names of {@code --host}. */
    List<String> names() {
        return hosts.value();
    }

    EngineConfig engine() {
        EventOptions events =
                new EventOptions(transport.value(), loops.value(), stall.value().duration());
        return new EngineConfig(kind.value(), maxThreads.value(), maxWaiting.value(), events);
    }

    Limits limits(InetAddress host) {
        int perPeer = maxPerPeer.value();
        if (perPeer == UNSET) {
            perPeer = host.isLoopbackAddress()
                    ? maxConnections.value()
                    : Limits.defaults().maxPerPeer();
        }
        return Limits.defaults()
                .withMaxConnections(maxConnections.value())
                .withMaxPerPeer(perPeer)
                .withDeadlines(new Limits.Deadlines(
                        idle.value().duration(),
                        read.value().duration(),
                        write.value().duration(),
                        idleUnderLoad.value().duration()));
    }

    TimeSpan drain() {
        return drain.value();
    }

    /**
     * The configuration of HTTP, without a folder of files.
     *
     * @throws IllegalArgumentException if a name or a network is malformed
     */
    WebConfig web() {
        for (String host : hosts.value()) {
            if (!host.matches("[\\w.-]+|\\[[0-9a-fA-F:.]+]")) {
                throw new IllegalArgumentException(
                        "expected --host to name hosts without ports but was \"" + host + "\"");
            }
        }
        return new WebConfig(
                hosts.value(),
                trusted(),
                WebConfig.pace(
                        keepAlive.value().duration(),
                        idle.value().duration(),
                        read.value().duration()),
                Optional.empty(),
                Optional.empty());
    }

    private TrustedProxies trusted() {
        try {
            return TrustedProxies.of(proxies.value());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--trust-proxy: " + e.getMessage(), e);
        }
    }
}
