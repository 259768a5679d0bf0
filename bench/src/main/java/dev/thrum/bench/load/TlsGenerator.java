package dev.thrum.bench.load;

import dev.thrum.measure.CpuClock;
import dev.thrum.measure.Snapshot;
import dev.thrum.measure.Window;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/**
 * The main class of the process that loads one server with HTTP, encrypted or not: requests on kept connections by {@link H2Load},
 * new connections by {@link TlsClients}.
 *
 * <p>The commands are {@code run EXCHANGE PORT CONNECTIONS LEAD WINDOW PID}, as of {@link Generator}; {@code hold PORT
 * CONNECTIONS}, which opens connections that ask once and stay open, answered with {@code held}; and {@code pass PORT
 * CONNECTIONS}, which closes them, answered with {@code passed}.
 */
public final class TlsGenerator {
    private static final int FIRST_HANDSHAKES = 100;

    /** Milliseconds; a busy machine needs more time for handshakes than the usual lead. */
    private static final long LONGEST_LEAD = 8_000;

    private static final int LONGER = 4;

    private final String scheme;
    private final CpuClock own = new CpuClock(ProcessHandle.current().pid());
    private final TlsClients clients = new TlsClients();
    private final List<SSLSocket> held = new ArrayList<>();

    private boolean isWarm;

    /** The lead of the last window, in milliseconds: the next ones need as much. */
    private long lead;

    private TlsGenerator(String scheme) throws IOException {
        this.scheme = scheme;
    }

    /** Argument: the scheme of the server, {@code http} or {@code https}. */
    public static void main(String[] arguments) throws IOException {
        Commands.serve(new TlsGenerator(arguments[0])::answer);
    }

    private String answer(String[] command) throws IOException, InterruptedException {
        return switch (command[0]) {
            case "run" -> run(command).toString();
            case "hold" -> {
                for (int i = number(command, 2); i > 0; i--) {
                    held.add(clients.ask(number(command, 1), false));
                }
                yield "held";
            }
            case "pass" -> {
                for (int i = number(command, 2); i > 0; i--) {
                    clients.ask(number(command, 1), false).close();
                }
                yield "passed";
            }
            default -> throw new IOException("expected run, hold or pass but was " + command[0]);
        };
    }

    private Window run(String[] command) throws IOException, InterruptedException {
        Exchange exchange = Exchange.named(command[1]).orElseThrow();
        return switch (exchange) {
            case PLAINTEXT -> kept(command, Greeting.TEXT_PATH);
            case BULK -> kept(command, Greeting.BULK_PATH);
            case HANDSHAKE -> opened(command, false);
            case RESUMPTION -> opened(command, true);
            default ->
                throw new IOException("expected plaintext, bulk, handshake or resumption but was " + exchange.word());
        };
    }

    private Window kept(String[] command, String path) throws IOException, InterruptedException {
        warmUp(number(command, 2));
        String address = scheme + "://127.0.0.1:" + command[2] + path;
        H2Load load = new H2Load(address, number(command, 3), number(command, 4), number(command, 5));
        for (lead = Math.max(lead, load.lead()); lead <= LONGEST_LEAD; lead *= LONGER) {
            Optional<Window> window = load.withLead(lead).measure(Snapshot.clocks(command[6]));
            if (window.isPresent()) {
                return window.get();
            }
        }
        throw new IOException("expected h2load to open " + load.connections() + " connections within " + LONGEST_LEAD
                + " ms but it could not: the machine is too busy");
    }

    /** A server whose handshakes aren't compiled yet takes long for the many that h2load begins at once. */
    private void warmUp(int port) throws IOException {
        if (isWarm || scheme.equals("http")) {
            return;
        }
        for (int i = 0; i < FIRST_HANDSHAKES; i++) {
            clients.ask(port, false).close();
        }
        isWarm = true;
    }

    private Window opened(String[] command, boolean resume) throws IOException, InterruptedException {
        int port = number(command, 2);
        int workers = number(command, 3);
        ClosedLoop loop = new ClosedLoop(workers);
        for (int i = 0; i < workers; i++) {
            var _ = Thread.startVirtualThread(
                    () -> loop.work(() -> clients.ask(port, resume).close()));
        }
        try {
            Window window = loop.measure(command, own);
            loop.end();
            return window;
        } finally {
            loop.stop();
        }
    }

    private static int number(String[] command, int index) {
        return Integer.parseInt(command[index]);
    }
}
