package dev.thrum.app;

import dev.thrum.base.Printable;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.ErrorFormat;
import dev.thrum.http.ExchangeObserver;
import dev.thrum.http.FilesConfig;
import dev.thrum.http.Gzip;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum files}: a folder over HTTP, until a signal ends it. */
@Command(
        name = "files",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Serves the files of a folder over HTTP, for reading.",
        footer = {
            "",
            "Every flag has an environment variable, which it overrides: THRUM_PORT=9999 is --port 9999.",
            "The first Ctrl-C (or SIGTERM) lets downloads finish, the second ends them at once.",
            "",
            "Examples:",
            "  thrum files",
            "  thrum files /srv/www --engine events --port 8080",
            "  thrum files ~/Downloads --bind 0.0.0.0           for everybody who can reach this machine",
        })
final class FilesCommand implements Callable<Integer> {
    static final Map<Integer, String> HEADINGS = Map.of(
            1, "Files:",
            2, "Engine:",
            3, "Limits:",
            4, "Deadlines (500ms, 10s, 5m, 1h):",
            5, "Names:");

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description = "The folder (default: the current one).",
            defaultValue = ".")
    private String folder = ".";

    @Mixin
    private BindOptions bind = new BindOptions();

    @Mixin
    private FolderOptions files = new FolderOptions();

    @Mixin
    private ServeOptions.EngineOptions engine = new ServeOptions.EngineOptions();

    @Mixin
    private ServeOptions.WebOptions web = new ServeOptions.WebOptions();

    @Mixin
    private ServeOptions.LimitOptions limits = new ServeOptions.LimitOptions();

    @Mixin
    private ServeOptions.DeadlineOptions deadlines = new ServeOptions.DeadlineOptions();

    @Spec
    private @Nullable CommandSpec spec;

    static final class FolderOptions {
        @Option(
                names = "--port",
                order = 12,
                paramLabel = "PORT",
                converter = PortChoice.NumberConverter.class,
                description = "The port; 0 for a free one (default: ${DEFAULT-VALUE})")
        private int port = 8000;

        @Option(names = "--hidden", order = 13, description = "Serve and list names that begin with a dot, too")
        private boolean hidden;

        @Option(names = "--no-listing", order = 14, description = "Show no folder that has no index.html")
        private boolean unlisted;

        FilesConfig config() {
            return FilesConfig.defaults().withHidden(hidden).withListing(!unlisted);
        }
    }

    /** What the flags add up to. */
    private record Plan(Path folder, InetAddress host, EngineConfig engine, Limits limits, WebConfig web) {}

    @Override
    public Integer call() throws CommandException {
        // Taken over first, so that a signal during the start drains too.
        StopSignals signals = StopSignals.install();
        Plan plan = plan();
        try (Engine opened = plan.engine().open()) {
            Server server = listen(opened, plan);
            announce(server, plan, opened.name());
            NameEncoding.warnUnlessUtf8();
            OpenFiles.warnIfFewerThan(plan.limits().maxConnections());
            signals.await();
            Serve.drain(server.conversations(), deadlines.drain(), opened::shutdown);
        }
        return CommandLine.ExitCode.OK;
    }

    private Plan plan() throws CommandException {
        try {
            InetAddress host = bind.host();
            return new Plan(
                    FilesRoutes.folder("DIR", folder),
                    host,
                    engine.config(),
                    limits.limits(host, deadlines.deadlines()),
                    web.config(deadlines));
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private Server listen(Engine opened, Plan plan) throws CommandException {
        HttpHandler handler = FilesRoutes.files(plan.folder(), "/", files.config(), opened.clock())
                .behind(plan.web().hostCheck(plan.host()))
                .behind(new Gzip())
                .behind(new Favicon());
        InetSocketAddress address = new InetSocketAddress(plan.host(), files.port);
        try {
            return opened.listen(
                    address,
                    HttpServer.over(
                            handler,
                            plan.web().http(ExchangeObserver.NOBODY, "").withErrors(ErrorFormat.TEXT.withPages())),
                    plan.limits());
        } catch (IOException e) {
            throw new CommandException(
                    "cannot listen on " + Addresses.text(address) + ": " + Services.reason(e, "port"), e);
        }
    }

    private void announce(Server server, Plan plan, String engineName) {
        PrintWriter out = commandLine().getOut();
        out.printf(
                "%-9s %-21s HTTP: the files of %s%n",
                "files",
                Addresses.text(server.address()),
                Printable.of(plan.folder().toAbsolutePath().normalize().toString()));
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
