package dev.thrum.app;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.cli.NameEncoding;
import dev.thrum.app.cli.ShortHelp;
import dev.thrum.app.cli.StopSignals;
import dev.thrum.app.cli.TimeSpan;
import dev.thrum.app.cli.Version;
import dev.thrum.base.AddressText;
import java.io.PrintWriter;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code thrum serve}: runs the services until a signal stops them. */
@Command(
        name = "serve",
        description = {
            "Serves many users at once: console, echo, greeter, chat, web and two UDP services.",
            "A PORT is a number, 0 for a free one, or off.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum serve --bind 0.0.0.0 --console 7000 --echo off --greeter off",
            "  thrum serve --files /srv/www                     its files, under /files/ of the web service",
            "  thrum serve --tls web --tls-cert fullchain.pem --tls-key privkey.pem",
        })
public final class Serve implements FlaggedCommand {
    private static final System.Logger LOG = System.getLogger("dev.thrum.serve");

    /** A service, its address, and what it does. */
    static final String LINE = "%-9s %-21s %s%n";

    /** A certificate of the services. */
    static final String CERTIFICATE = "TLS       %s%n";

    private final Map<String, String> environment;

    private final ServeOptions options = new ServeOptions();

    @Spec
    private @Nullable CommandSpec spec;

    public Serve(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Flags> flags() {
        return options.flags();
    }

    @Override
    public ShortHelp shortHelp() {
        return new ShortHelp(
                Set.of(
                        "--bind",
                        "--console",
                        "--echo",
                        "--greeter",
                        "--chat",
                        "--web",
                        "--udp-echo",
                        "--udp-time",
                        "--admin",
                        "--engine",
                        "--max-connections",
                        "--drain",
                        "--files",
                        "--tls",
                        "--data",
                        "--db",
                        "--access-log",
                        "--log-level"),
                List.of(
                        "A flag overrides its environment variable (THRUM_MAX_CONNECTIONS=500 for --max-connections 500),",
                        "which overrides its line in the file of --config (max-connections = 500).",
                        "The heap is at most 512 MB, or a quarter of a machine with less than 2 GB;",
                        "JDK_JAVA_OPTIONS=-Xmx2g allows 2 GB.",
                        "The first Ctrl-C (or SIGTERM) lets conversations finish; the second ends them at once."));
    }

    @Override
    public Integer call() throws CommandException {
        // Installed first, so that a signal during the start drains too.
        StopSignals signals = StopSignals.install();
        ServeConfig config = config();
        try (Services services = Services.open(config, ZoneId.systemDefault())) {
            signals.beforeHalt(services::leave);
            announce(services);
            NameEncoding.warnUnlessUtf8();
            OpenFiles.warnIfFewerThan(config.limits().maxConnections());
            signals.await();
            drain(services.conversations(), config.drain(), services::drain);
        }
        return CommandLine.ExitCode.OK;
    }

    private ServeConfig config() throws CommandException {
        try {
            return options.config(environment);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private void announce(Services services) {
        PrintWriter out = commandLine().getOut();
        services.addresses()
                .forEach((service, address) -> out.printf(
                        LINE,
                        service.label(),
                        shown(address, services.isEncrypted(service) && service.speaksHttp()),
                        about(service, services.isEncrypted(service))));
        services.certificates().forEach(line -> out.printf(CERTIFICATE, line));
        out.printf("Thrum %s serves on engine %s; stop with Ctrl-C%n", Version.text(), services.engineName());
        out.flush();
    }

    /** An address; where only clients with TLS are served by HTTP, the beginning of its URLs. */
    static String shown(InetSocketAddress address, boolean https) {
        return (https ? "https://" : "") + AddressText.of(address);
    }

    private static String about(Service service, boolean encrypted) {
        if (!encrypted) {
            return service.about();
        }
        return service.speaksHttp() ? service.about().replaceFirst("^HTTP:", "HTTPS:") : "TLS; " + service.about();
    }

    /** Drains, and logs it for the operator. */
    static void drain(int conversations, TimeSpan deadline, Predicate<Duration> drain) {
        LOG.log(
                Level.INFO,
                "draining: " + conversations + " conversations, at most " + deadline + "; signal again to end at once");
        if (!drain.test(deadline.duration())) {
            LOG.log(Level.WARNING, "conversations that had not finished after " + deadline + " were aborted");
        }
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        return spec.commandLine();
    }
}
