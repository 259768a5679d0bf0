package dev.thrum.app;

import dev.thrum.base.Printable;
import dev.thrum.engine.Engine;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum talk}: a client, for people and for scripts. */
@Command(
        name = "talk",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Talks to a server: type lines, and see what it says.",
            "quit ends when the server has closed; Ctrl-D ends our half and shows the rest.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum talk localhost:8888",
            "  echo time | thrum talk localhost:8888",
            "  thrum talk localhost:8888 --send Hello,time,count,quit --clients 3",
            "  thrum talk localhost:8000 --no-newline --send Zack,Anna --goodbye=--quit--",
        })
final class Talk implements Callable<Integer> {
    static final Map<Integer, String> HEADINGS = Map.of(1, "Scripted:", 2, "Both:");

    private final Map<String, String> environment;

    @Parameters(
            paramLabel = "HOST:PORT",
            converter = Remote.Converter.class,
            description = "The server, such as localhost:8888 or [::1]:8888.")
    private @Nullable Remote remote;

    @Mixin
    private ScriptOptions script = new ScriptOptions();

    @Mixin
    private WireOptions wire = new WireOptions();

    @Spec
    private @Nullable CommandSpec spec;

    static final class ScriptOptions {
        @Option(
                names = "--send",
                order = 11,
                split = ",",
                paramLabel = "MESSAGE",
                description = "Send these, wait for one answer each; with commas between, or given again.")
        private List<String> messages = List.of();

        @Option(
                names = "--goodbye",
                order = 12,
                paramLabel = "MESSAGE",
                description = "Send this last, and wait for the server to close.")
        private @Nullable String goodbye;

        @Option(
                names = "--clients",
                order = 13,
                paramLabel = "N",
                converter = Count.FromOne.class,
                description = "So many clients at once (default: ${DEFAULT-VALUE})")
        private int clients = 1;

        @Option(
                names = "--greeting",
                order = 14,
                paramLabel = "TIME",
                converter = Span.Converter.class,
                description = "How long the server may take to speak first (default: ${DEFAULT-VALUE})")
        private Span greeting = Span.of("300ms");

        boolean isGiven() {
            return !messages.isEmpty() || goodbye != null;
        }
    }

    static final class WireOptions {
        @Option(
                names = "--no-newline",
                order = 21,
                description = "End no message; one byte is the answer to each (the greeter's protocol).")
        private boolean bare;

        @Option(
                names = "--deadline",
                order = 22,
                paramLabel = "TIME",
                converter = Span.Converter.class,
                description = "How long to wait for a connection and for each answer (default: ${DEFAULT-VALUE})")
        private Span deadline = Span.of("10s");

        Framing framing() {
            return bare ? Framing.BYTES : Framing.LINES;
        }
    }

    Talk(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws CommandException, IOException {
        if (remote == null || spec == null) {
            throw new IllegalStateException("expected picocli to have set what it requires");
        }
        if (wire.deadline.duration().isZero()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "expected --deadline to be longer than zero but it was " + wire.deadline);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (script.isGiven()) {
            try (Engine engine = Engine.virtual()) {
                script().run(engine, remote, script.clients, out);
            }
        } else {
            chat(remote, out);
        }
        if (out.checkError()) {
            throw new CommandException("not all that the server said could be written to the output");
        }
        return CommandLine.ExitCode.OK;
    }

    private Script script() {
        return new Script(
                script.messages,
                Optional.ofNullable(script.goodbye),
                wire.framing(),
                script.greeting.duration(),
                wire.deadline.duration());
    }

    private void chat(Remote server, PrintWriter out) throws CommandException, IOException {
        try (Socket socket = server.connect(this::open)) {
            if (Optional.ofNullable(System.console())
                    .filter(Console::isTerminal)
                    .isEmpty()) {
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                chat(socket, text -> out.println(Printable.of(text)), () -> Optional.ofNullable(lines.readLine()));
                return;
            }
            try (Terminal terminal = Prompt.terminal()) {
                Prompt prompt = Prompt.open(terminal, Prompt.history(environment));
                try {
                    chat(socket, prompt, prompt);
                } catch (CommandException e) {
                    // What is said about it begins below the line that was being typed.
                    terminal.writer().println();
                    throw e;
                }
            }
        }
    }

    private void chat(Socket socket, Chat.Screen screen, Chat.Keyboard keyboard) throws CommandException {
        new Chat(socket, wire.framing(), wire.deadline.duration(), screen).run(keyboard);
    }

    private Socket open(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(
                    address, Math.toIntExact(Math.min(wire.deadline.duration().toMillis(), Integer.MAX_VALUE)));
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
