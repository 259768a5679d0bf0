package dev.thrum.bench.load;

import dev.thrum.engine.Engine;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import dev.thrum.measure.CpuClock;
import dev.thrum.measure.Window;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

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

    private OutgoingProcess() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        Commands.serve(new OutgoingProcess()::run);
    }

    private String run(String[] command) throws IOException, InterruptedException {
        try (OutgoingConversations conversations = new OutgoingConversations(engine, number(command, 3))) {
            conversations.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), number(command, 2)));
            Window window = conversations.measure(command, own);
            conversations.end();
            return window.toString();
        }
    }

    private static int number(String[] command, int index) {
        return Integer.parseInt(command[index]);
    }
}
