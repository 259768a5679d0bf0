package dev.thrum.app.doctor;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.crawl.TrustFlags;
import dev.thrum.base.IoWords;
import dev.thrum.base.Plural;
import dev.thrum.base.Printable;
import dev.thrum.engine.Engine;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.HttpClient;
import dev.thrum.http.client.HttpClientConfig;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.client.url.UrlException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code thrum doctor}: what is wrong with a server that runs. */
@Command(
        name = "doctor",
        description = {
            "Asks a server that runs what is wrong with it: deadlocks, blocked loops, long waits, full queues,",
            "locks that are acquired in contradicting orders. One line for each, the worst first, with the next",
            "step to take. The status is 0 if there is nothing, 1 if there is, and 2 if the server can't be asked.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum doctor",
            "  thrum doctor http://localhost:9091",
        })
public final class DoctorCommand implements FlaggedCommand {
    private static final int OK = CommandLine.ExitCode.OK;
    private static final int FINDINGS = CommandLine.ExitCode.SOFTWARE;
    private static final int CANNOT_ASK = CommandLine.ExitCode.USAGE;

    private static final String PROGRAM = "Thrum";
    private static final String PATH = "/debug/threads";

    /** The server itself gives up waiting for its loops after a second. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration TO_CONNECT = Duration.ofSeconds(5);

    @Parameters(
            arity = "0..1",
            paramLabel = "URL",
            description = "Where its --admin port is (default: http://localhost:9090).",
            defaultValue = "http://localhost:9090")
    private String typed = "";

    private final Flags server = new Flags("Server:");
    private final TrustFlags trust = new TrustFlags(server);

    @Spec
    private @Nullable CommandSpec spec;

    /** The server can't be asked; the message names the remedy. */
    private static final class CannotAskException extends Exception {
        private static final long serialVersionUID = 1L;

        CannotAskException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    @Override
    public List<Flags> flags() {
        return List.of(server);
    }

    @Override
    public Integer call() throws CommandException {
        CommandLine line = commandLine();
        try {
            String origin = origin(typed);
            return print(ask(origin, line.getErr()), origin, line.getOut());
        } catch (CannotAskException e) {
            line.getErr().println("thrum doctor: " + Printable.of(String.valueOf(e.getMessage())));
            line.getErr().flush();
            return CANNOT_ASK;
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(line, String.valueOf(e.getMessage()), e);
        }
    }

    /** The scheme, host and port of a URL; its path does not matter. */
    private static String origin(String text) {
        try {
            String scheme = text.toLowerCase(Locale.ROOT);
            if (scheme.startsWith("http://") || scheme.startsWith("https://")) {
                return Url.parse(text).origin();
            }
        } catch (UrlException e) {
            throw new IllegalArgumentException(expectedUrl(text), e);
        }
        throw new IllegalArgumentException(expectedUrl(text));
    }

    private static String expectedUrl(String text) {
        return "expected the URL of an --admin port, such as http://localhost:9090, but was \"" + text + "\"";
    }

    private JsonNode ask(String origin, PrintWriter err) throws CannotAskException, CommandException {
        HttpClientConfig config = HttpClientConfig.defaults()
                .withDeadlines(TO_CONNECT, PATIENCE)
                .withIdle(HttpClientConfig.Idle.none())
                .withTls(trust.tls("thrum doctor", err));
        ClientRequest request = ClientRequest.get(Url.parse(origin + PATH)).with("Accept", "application/json");
        try (Engine engine = Engine.virtual();
                HttpClient client = HttpClient.over(engine, config);
                ClientResponse response = client.send(request)) {
            return read(response, origin);
        } catch (IOException e) {
            throw new CannotAskException(
                    "expected the --admin port of Thrum at " + origin + " but could not ask it (" + IoWords.of(e)
                            + "): start a server, or name the port that it prints for admin",
                    e);
        }
    }

    private static JsonNode read(ClientResponse response, String origin) throws IOException, CannotAskException {
        if (response.status() == 200) {
            try {
                JsonNode node = JsonMapper.shared().readTree(response.bytes());
                if (node.path("program").asString("").equals(PROGRAM)
                        && node.path("findings").isArray()) {
                    return node;
                }
            } catch (JacksonException e) {
                throw foreign(origin, "its response was not JSON", e);
            }
            throw foreign(origin, "its response was something else", null);
        }
        throw foreign(origin, "it responded with status " + response.status(), null);
    }

    private static CannotAskException foreign(String origin, String why, @Nullable Throwable cause) {
        return new CannotAskException(
                "expected the --admin port of Thrum at " + origin + " but " + why
                        + ": name the port that thrum serve prints for admin",
                cause);
    }

    private static int print(JsonNode diagnosis, String origin, PrintWriter out) {
        JsonNode findings = diagnosis.path("findings");
        for (JsonNode finding : findings) {
            out.println(Printable.of(
                    text(finding, "kind") + ": " + text(finding, "text") + "; next: " + text(finding, "next")));
        }
        if (findings.isEmpty()) {
            out.println("nothing to look at among "
                    + Plural.of(diagnosis.path("threads").path("count").asInt(0), "thread")
                    + ": no deadlock, no blocked loop, no long wait");
        } else {
            out.println(Plural.of(findings.size(), "finding") + "; stacks: " + origin + PATH);
        }
        out.flush();
        return findings.isEmpty() ? OK : FINDINGS;
    }

    private static String text(JsonNode finding, String name) {
        return finding.path(name).asString("");
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        return spec.commandLine();
    }
}
