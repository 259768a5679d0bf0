package dev.thrum.app;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.StopSignals;
import dev.thrum.app.talk.Chat;
import dev.thrum.app.talk.Framing;
import dev.thrum.app.talk.Prompt;
import dev.thrum.base.Folders;
import dev.thrum.database.NativeLibrary;
import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/**
 * {@code thrum rehearse}: starts every service, uses each once and stops, while the JVM records the classes that are
 * loaded. The AOT cache is created from that recording.
 */
@Command(name = "rehearse", hidden = true, description = "Runs everything once, to record the AOT cache.")
final class TrainAotCache implements Callable<Integer> {
    private static final long PATIENCE_SECONDS = 60;

    /** Enough for the profile of a crawl: a short one spends more time on compiling than on pages. Each engine serves them once. */
    private static final int PAGES = 1_000;

    private static final int LINKS = 30;

    private final Commands commands;

    /** Runs one command line of the program; returns its exit status. */
    @FunctionalInterface
    interface Commands {
        int run(String[] arguments, Map<String, String> environment, PrintWriter out, PrintWriter err);
    }

    TrainAotCache(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() throws Exception {
        for (EngineKind engine : List.of(EngineKind.EVENTS, EngineKind.VIRTUAL)) {
            Path data = Files.createTempDirectory("thrum-rehearsal");
            try {
                Files.writeString(data.resolve("hello.txt"), "hello\n");
                writePages(Files.createDirectory(data.resolve("pages")));
                String folder = data.toString();
                mustSucceed(serve(data, "--engine", engine.toString(), "--data", folder, "--files", folder));
                mustSucceed(run(
                        quiet(), "count", "--json", data.resolve("hello.txt").toString()));
            } finally {
                Folders.delete(data);
            }
        }
        unpackLibrary();
        return ExitCode.OK;
    }

    /** Unpacks the library of the embedded database next to the jars, where the launcher looks for it. */
    private static void unpackLibrary() throws IOException, URISyntaxException {
        Path jar = Path.of(TrainAotCache.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        NativeLibrary.unpack(jar.resolveSibling("native"));
    }

    private int serve(Path folder, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("serve"));
        for (Service service : Service.values()) {
            arguments.addAll(List.of("--" + service.label(), "0"));
        }
        arguments.addAll(List.of(options));
        Announcement announcement = new Announcement();
        CompletableFuture<Integer> served = CompletableFuture.supplyAsync(
                () -> run(new PrintWriter(announcement), arguments.toArray(String[]::new)));
        await(announcement.complete);
        perform(announcement, folder);
        StopSignals.raiseTerm();
        return await(served);
    }

    private void perform(Announcement announced, Path folder) throws IOException, CommandException {
        PrintWriter quiet = quiet();
        String console = "127.0.0.1:" + announced.port("console");
        mustSucceed(run(quiet, "talk", console, "--send", "Hello,time,count,quit", "--clients", "2"));
        mustSucceed(run(quiet, "talk", "127.0.0.1:" + announced.port("echo"), "--send", "Hello,quit"));
        String chat = "127.0.0.1:" + announced.port("chat");
        mustSucceed(run(quiet, "talk", chat, "--send", "join lobby,Hello,quit"));
        String greeter = "127.0.0.1:" + announced.port("greeter");
        mustSucceed(run(quiet, "talk", greeter, "--no-newline", "--send", "Zack", "--goodbye=--quit--"));
        String page = "http://127.0.0.1:" + announced.port("web") + "/";
        mustSucceed(run(quiet, "mine", page, "--select", "title"));
        mustSucceed(run(quiet, "mine", page, "--select", "a@href", "--csv"));
        String saved = folder.resolve("saved").toString();
        mustSucceed(run(quiet, "fetch", page + "files/hello.txt", page, "--out", saved));
        crawl(page + "files/pages/0.html", folder);
        type(announced.port("console"));
        browse(announced.port("web"));
        fetch(announced.port("admin"), "GET /metrics HTTP/1.1", "");
        fetch(announced.port("admin"), "GET /debug/connections HTTP/1.1", "");
        ask(announced.port("udp-echo"));
        ask(announced.port("udp-time"));
    }

    private void crawl(String first, Path folder) {
        String saved = folder.resolve("crawl").toString();
        PrintWriter quiet = quiet();
        mustSucceed(run(quiet, "crawl", first, "--out", saved, "--delay", "0", "--allow-private", "--parallel", "8"));
        mustSucceed(run(quiet, "search", "lobby", "--index", saved));
        mustSucceed(run(quiet, "search", "lobby", "--index", saved, "--json"));
    }

    /** Pages that lead to each other. */
    private static void writePages(Path folder) throws IOException {
        for (int number = 0; number < PAGES; number++) {
            StringBuilder page =
                    new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
            page.append("<title>Page ").append(number).append("</title>\n</head>\n<body>\n<nav><ul>\n");
            for (int link = 1; link <= LINKS; link++) {
                int target = (number * LINKS + link) % PAGES;
                page.append("<li><a href=\"").append(target).append(".html\" title=\"a page\">page</a></li>\n");
            }
            page.append("</ul></nav>\n<main>\n<h1>The lobby</h1>\n");
            for (int paragraph = 0; paragraph < LINKS; paragraph++) {
                page.append("<p>Paragraph ")
                        .append(paragraph)
                        .append(" of page ")
                        .append(number)
                        .append(", &quot;quoted&quot;, with <b>bold</b> words and a few others.</p>\n");
            }
            Files.writeString(folder.resolve(number + ".html"), page.append("</main>\n</body>\n</html>\n"));
        }
    }

    private static PrintWriter quiet() {
        return new PrintWriter(Writer.nullWriter());
    }

    private int run(PrintWriter out, String... arguments) {
        return commands.run(arguments, Map.of(), out, new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    }

    private static void mustSucceed(int status) {
        if (status != ExitCode.OK) {
            throw new IllegalStateException("expected status 0 but a part of the rehearsal ended with " + status);
        }
    }

    /** Runs the prompt, on two streams in place of a terminal. */
    private static void type(int port) throws IOException, CommandException {
        ByteArrayInputStream keys = new ByteArrayInputStream("time\nquit\n".getBytes(StandardCharsets.UTF_8));
        Duration patience = Duration.ofSeconds(PATIENCE_SECONDS);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (Engine engine = Engine.virtual();
                Connection connection = engine.connect(address, patience);
                Terminal terminal = TerminalBuilder.builder()
                        .streams(keys, new ByteArrayOutputStream())
                        .type("dumb")
                        .build()) {
            Prompt prompt = Prompt.open(terminal, Optional.empty());
            new Chat(connection, Framing.LINES, patience, prompt).run(prompt);
        }
    }

    private static void browse(int port) throws IOException {
        fetch(port, "GET / HTTP/1.1", "");
        fetch(port, "GET / HTTP/1.1\r\nAccept: text/html\r\nAccept-Encoding: gzip", "");
        fetch(port, "GET /time HTTP/1.1", "");
        fetch(port, "GET /files/ HTTP/1.1\r\nAccept: text/html", "");
        fetch(port, "GET /files/hello.txt HTTP/1.1", "");
        fetch(port, "GET /files/hello.txt HTTP/1.1\r\nRange: bytes=1-2", "");
        fetch(port, "GET /echo?message=Hi%20there HTTP/1.1", "");
        post(port, "/echo", "{\"message\":\"Hi\"}");
        post(port, "/users", "{\"name\":\"Ann\",\"email\":\"ann@example.org\"}");
        fetch(port, "GET /users HTTP/1.1", "");
        post(port, "/accounts", "{\"owner\":\"Ann\"}");
        post(port, "/accounts/1/deposit", "{\"amount\":100}");
        fetch(port, "GET /accounts/1/history HTTP/1.1", "");
    }

    private static void post(int port, String path, String body) throws IOException {
        String head = "POST " + path + " HTTP/1.1\r\nContent-Type: application/json\r\nIdempotency-Key: rehearsal";
        fetch(port, head + "\r\nContent-Length: " + body.length(), body);
    }

    private static void fetch(int port, String head, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String request = head + "\r\nHost: localhost\r\nConnection: close\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!response.startsWith("HTTP/1.1 20")) {
                throw new IllegalStateException("expected " + head + " to succeed but the response was " + response);
            }
        }
    }

    private static void ask(int port) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            socket.send(new DatagramPacket(new byte[] {'?'}, 1, InetAddress.getLoopbackAddress(), port));
            socket.receive(new DatagramPacket(new byte[64], 64));
        }
    }

    private static <T> T await(CompletableFuture<T> future) throws ExecutionException, TimeoutException {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the rehearsal was interrupted", e);
        }
    }

    /** The output of {@code serve}, from which the ports are read. */
    private static final class Announcement extends StringWriter {
        private static final Pattern SERVICE = Pattern.compile("(?m)^([a-z-]+) +127\\.0\\.0\\.1:(\\d+) .*");

        private final Map<String, Integer> ports = new ConcurrentHashMap<>();
        final CompletableFuture<Boolean> complete = new CompletableFuture<>();

        int port(String service) {
            return Objects.requireNonNull(ports.get(service), "expected the rehearsal to serve " + service);
        }

        @Override
        public void flush() {
            Matcher service = SERVICE.matcher(toString());
            while (service.find()) {
                ports.put(service.group(1), Integer.valueOf(service.group(2)));
            }
            complete.complete(true);
        }
    }
}
