package dev.thrum.app;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.cli.NameEncoding;
import dev.thrum.app.cli.PortChoice;
import dev.thrum.app.cli.ShortHelp;
import dev.thrum.app.cli.StopSignals;
import dev.thrum.app.cli.TlsFlag;
import dev.thrum.app.cli.Version;
import dev.thrum.base.AddressText;
import dev.thrum.base.Clock;
import dev.thrum.base.Printable;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.Gzip;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.files.FilesConfig;
import dev.thrum.http.files.StaticFiles;
import dev.thrum.http.server.ErrorFormat;
import dev.thrum.http.server.ExchangeObserver;
import dev.thrum.http.server.HttpServer;
import dev.thrum.services.web.Favicon;
import dev.thrum.services.web.FilesRoutes;
import dev.thrum.services.web.WebConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum files}: serves a folder over HTTP until a signal stops it. */
@Command(
        name = "files",
        description = "Serves the files of a folder over HTTP, read-only.",
        footer = {
            "",
            "Examples:",
            "  thrum files",
            "  thrum files /srv/www --engine events --port 8080",
            "  thrum files ~/Downloads --bind 0.0.0.0           for every client that can reach this machine",
            "  thrum files ~/Downloads --bind 0.0.0.0 --tls     the same, encrypted",
        })
final class FilesCommand implements FlaggedCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description = "The folder (default: the current one).",
            defaultValue = ".")
    private String folder = ".";

    private final ServerOptions server = new ServerOptions();

    private final Flags address = new Flags(server.address.heading());
    private final Flag<Integer> port =
            address.value("--port", "PORT", 8000, PortChoice::parseNumber, "The port; 0 for a free one");

    private final Flags listing = new Flags("Files:");
    private final Flag<Boolean> hidden = listing.on("--hidden", "Serve and list names that begin with a dot, too");
    private final Flag<Boolean> unlisted = listing.on("--no-listing", "Do not list a folder that has no index.html");

    private final CertificateOptions certificates = new CertificateOptions();

    private final Flags tls = new Flags(certificates.flags.heading());
    private final Flag<Boolean> encrypted =
            TlsFlag.in(tls, "Serve over HTTPS; --tls-cert does so too. Without it, a certificate is made at start");

    private final LoggingOptions logging = new LoggingOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public List<Flags> flags() {
        return List.of(
                server.address,
                address,
                listing,
                server.engine,
                server.limits,
                server.deadlines,
                server.http,
                tls,
                certificates.flags,
                logging.flags);
    }

    @Override
    public ShortHelp shortHelp() {
        return new ShortHelp(
                Set.of(
                        "--bind",
                        "--port",
                        "--hidden",
                        "--no-listing",
                        "--engine",
                        "--max-connections",
                        "--drain",
                        "--host",
                        "--tls",
                        "--log-level"),
                List.of(
                        "A flag overrides its environment variable (THRUM_PORT=9999 for --port 9999), which overrides its",
                        "line in the file of --config (port = 9999).",
                        "The first Ctrl-C (or SIGTERM) lets downloads finish; the second ends them at once."));
    }

    /** The configuration from the flags. */
    private record Plan(
            Path folder,
            InetAddress host,
            EngineConfig engine,
            Limits limits,
            WebConfig web,
            Optional<CertificateConfig> certificates) {}

    @Override
    public Integer call() throws CommandException {
        // Installed first, so that a signal during the start drains too.
        StopSignals signals = StopSignals.install();
        Plan plan = plan();
        try (Engine opened = plan.engine().open();
                Certificates shown = open(plan, opened.clock())) {
            Server listening = listen(opened, plan, shown);
            announce(listening, plan, opened.name(), shown);
            if (shown != null) {
                shown.watch(opened);
            }
            NameEncoding.warnUnlessUtf8();
            OpenFiles.warnIfFewerThan(plan.limits().maxConnections());
            signals.await();
            Serve.drain(listening.conversations(), server.drain(), opened::shutdown);
        }
        return CommandLine.ExitCode.OK;
    }

    private Plan plan() throws CommandException {
        try {
            logging.apply(false);
            InetAddress host = server.host();
            return new Plan(
                    Flags.folder("DIR", folder),
                    host,
                    server.engine(),
                    server.limits(host),
                    server.web(),
                    certificates());
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private Optional<CertificateConfig> certificates() {
        boolean isEncrypted = encrypted.value() || certificates.areGiven();
        if (!isEncrypted && certificates.given().isPresent()) {
            throw new IllegalArgumentException("expected --tls with "
                    + certificates.given().get() + " but nothing is encrypted; give --tls too, or leave it out");
        }
        return isEncrypted ? Optional.of(certificates.config(server.names())) : Optional.empty();
    }

    /** The certificates to show; null without TLS. */
    private static @Nullable Certificates open(Plan plan, Clock clock) throws CommandException {
        return plan.certificates().isEmpty()
                ? null
                : Certificates.open(
                        plan.certificates().get(), List.of(plan.host()), new Certificates.Kinds(false, true), clock);
    }

    private StaticFiles files(Path root, Clock clock) throws CommandException {
        try {
            return FilesRoutes.files(root, "/", config(), clock);
        } catch (IOException e) {
            throw new CommandException(e);
        }
    }

    private Server listen(Engine opened, Plan plan, @Nullable Certificates shown) throws CommandException {
        HttpHandler handler = files(plan.folder(), opened.clock())
                .behind(plan.web().hostCheck(plan.host()))
                .behind(new Gzip())
                .behind(new Favicon());
        InetSocketAddress address = new InetSocketAddress(plan.host(), port.value());
        HttpServer http = HttpServer.over(
                handler, plan.web().http(ExchangeObserver.NOBODY, "").withErrors(ErrorFormat.TEXT.withPages()));
        try {
            return shown == null
                    ? opened.listen(address, http, plan.limits())
                    : opened.listen(address, http, plan.limits(), shown.http());
        } catch (IOException e) {
            throw new CommandException(
                    "cannot listen on " + AddressText.of(address) + ": " + Services.reason(e, "port"), e);
        }
    }

    private FilesConfig config() {
        return FilesConfig.defaults().withHidden(hidden.value()).withListing(!unlisted.value());
    }

    private void announce(Server listening, Plan plan, String engineName, @Nullable Certificates shown) {
        PrintWriter out = commandLine().getOut();
        out.printf(
                Serve.LINE,
                "files",
                Serve.shown(listening.address(), shown != null),
                (shown == null ? "HTTP" : "HTTPS") + ": the files of "
                        + Printable.of(
                                plan.folder().toAbsolutePath().normalize().toString()));
        if (shown != null) {
            shown.descriptions().forEach(line -> out.printf(Serve.CERTIFICATE, line));
        }
        out.printf("Thrum %s serves on engine %s; stop with Ctrl-C%n", Version.text(), engineName);
        out.flush();
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        return spec.commandLine();
    }
}
