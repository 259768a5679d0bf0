package dev.thrum.bench.load;

import dev.thrum.engine.Engine;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * The main class of the process whose outgoing conversations are measured, on engine {@code events} with one loop.
 *
 * <p>It has one of the commands of {@link Generator}, {@code run EXCHANGE PORT CONNECTIONS LEAD WINDOW PID}, and answers it
 * with a {@link Window}. Durations of round trips aren't measured, because the accepted side doesn't measure any either.
 */
public final class OutgoingProcess {
    private final Engine engine = EventEngine.open(
            EventOptions.defaults().withTransport(TransportKind.EPOLL).withLoops(1));
    private final CpuClock own = new CpuClock(ProcessHandle.current().pid());
    private final RoundTrips none = new RoundTrips();

    private OutgoingProcess() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        OutgoingProcess outgoing = new OutgoingProcess();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String command = commands.readLine();
        while (command != null) {
            System.out.println(outgoing.answer(command.split(" ", -1)));
            command = commands.readLine();
        }
        Runtime.getRuntime().halt(0);
    }

    private String answer(String[] command) {
        try {
            return run(command).toString();
        } catch (InterruptedException e) {
            return "failed expected to measure without an interrupt";
        } catch (IOException | RuntimeException e) {
            return "failed " + String.valueOf(e.getMessage()).replaceAll("\\R", " / ");
        }
    }

    private Window run(String[] command) throws IOException, InterruptedException {
        List<CpuClock> server = Snapshot.clocks(command[6]);
        try (OutgoingConversations conversations = new OutgoingConversations(engine, number(command, 3))) {
            conversations.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), number(command, 2)));
            conversations.runFor(Duration.ofMillis(number(command, 4)));
            long before = conversations.trips();
            Snapshot start = Snapshot.now(server, own);
            conversations.runFor(Duration.ofMillis(number(command, 5)));
            long trips = conversations.trips() - before;
            Window window = start.until(Snapshot.now(server, own), trips, 0, none);
            conversations.end();
            return window;
        }
    }

    private static int number(String[] command, int index) {
        return Integer.parseInt(command[index]);
    }
}
