package dev.thrum.app.talk;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.cli.TimeSpan;
import dev.thrum.base.Printable;
import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.tls.TlsClient;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum talk}: a client, for people and for scripts. */
@Command(
        name = "talk",
        description = {
            "Talks to a server: sends the lines that you type, and shows its replies.",
            "quit ends once the server has closed; Ctrl-D ends the input (half-close) and shows the rest.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum talk localhost:8888",
            "  echo time | thrum talk localhost:8888",
            "  thrum talk localhost:8888 --send Hello,time,count,quit --clients 3",
            "  thrum talk localhost:8000 --no-newline --send Zack,Anna --goodbye=--quit--",
            "  thrum talk chat.example.org:7777 --tls",
        })
public final class Talk implements FlaggedCommand {
    private static final String CLOSED = "The server closed the connection.";

    private final Map<String, String> environment;

    @Parameters(
            paramLabel = "HOST:PORT",
            converter = HostAndPort.Converter.class,
            description = "The server, such as localhost:8888 or [::1]:8888.")
    private @Nullable HostAndPort remote;

    private final Flags scripted = new Flags("Scripted:");
    private final Flag<List<String>> messages = scripted.texts(
            "--send",
            "MESSAGE",
            "Messages to send, separated by commas or in several flags; waits for a reply to each");
    private final Flag<@Nullable String> goodbye =
            scripted.text("--goodbye", "MESSAGE", "Send this last, and wait for the server to close");
    private final Flag<Integer> clients = scripted.count("--clients", 1, "Number of clients at once");
    private final Flag<TimeSpan> greeting =
            scripted.timeOrZero("--greeting", "300ms", "How long to wait for a greeting from the server");

    private final Flags both = new Flags("Both:");
    private final Flag<Boolean> bare = both.on(
            "--no-newline", "Send messages without a newline; the reply to each is one byte (the greeter's protocol)");
    private final Flag<TimeSpan> deadline =
            both.time("--deadline", "10s", "How long to wait for a connection and for each reply");

    private final TlsChoice encryption = new TlsChoice();

    @Spec
    private @Nullable CommandSpec spec;

    public Talk(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Flags> flags() {
        return List.of(scripted, both, encryption.flags);
    }

    @Override
    public Integer call() throws CommandException, IOException {
        if (remote == null || spec == null) {
            throw new IllegalStateException("expected picocli to have set what it requires");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        TlsClient tls = tls(spec.commandLine(), remote.host());
        HostAndPort server = remote;
        try (Engine engine = Engine.virtual()) {
            Opening opening = () -> server.connect(engine, tls, deadline.value().duration());
            if (!messages.value().isEmpty() || goodbye.value() != null) {
                script().run(opening, clients.value(), out);
            } else {
                chat(opening, out, err);
            }
        }
        return CommandLine.ExitCode.OK;
    }

    /** What encrypts connections to this host; null to encrypt nothing. */
    private @Nullable TlsClient tls(CommandLine command, String host) throws CommandException {
        try {
            return encryption.client(host, command.getErr());
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(command, String.valueOf(e.getMessage()), e);
        }
    }

    private Script script() {
        return new Script(
                messages.value(),
                Optional.ofNullable(goodbye.value()),
                framing(),
                greeting.value().duration(),
                deadline.value().duration());
    }

    private void chat(Opening opening, PrintWriter out, PrintWriter err) throws CommandException, IOException {
        try (Connection connection = opening.open()) {
            if (Optional.ofNullable(System.console())
                    .filter(Console::isTerminal)
                    .isEmpty()) {
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                Chat.Ended ended = chat(
                        connection,
                        text -> out.println(Printable.of(text)),
                        () -> Optional.ofNullable(lines.readLine()));
                if (ended == Chat.Ended.BY_SERVER) {
                    err.println(CLOSED);
                }
                return;
            }
            try (Terminal terminal = Prompt.terminal()) {
                Chat.Ended ended;
                // Closed first, so that later output begins below the line that was being typed, on the restored
                // terminal.
                try (Prompt prompt = Prompt.open(terminal, Prompt.history(environment))) {
                    ended = chat(connection, prompt, prompt);
                }
                if (ended != Chat.Ended.BY_USER) {
                    terminal.writer().println(CLOSED);
                    terminal.flush();
                }
            }
        }
    }

    private Framing framing() {
        return bare.value() ? Framing.BYTES : Framing.LINES;
    }

    private Chat.Ended chat(Connection connection, Chat.Screen screen, Chat.Keyboard keyboard) throws CommandException {
        return new Chat(connection, framing(), deadline.value().duration(), screen).run(keyboard);
    }
}
