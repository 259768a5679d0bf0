package dev.thrum.measure.load;

import dev.thrum.base.Clock;
import dev.thrum.measure.Sockets;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A load on one server. It is run once, on a thread of its own; other threads see how far it is, and can stop it.
 *
 * <p>Linux only: it uses epoll, and the clocks and files of the kernel.
 */
public final class LoadRun {
    private final LoadPlan plan;
    private final LoadProtocol protocol;
    private final InetSocketAddress server;
    private final Clock clock;

    /** Written by the thread that runs it. */
    private volatile LoadProgress progress = new LoadProgress(LoadProgress.Phase.CONNECTING, 0, 0, 0, 0, 0, 0);

    /** Written by any thread. */
    private volatile boolean isStopping;

    /** A load that has not begun; {@code server} has been looked up. */
    public LoadRun(LoadPlan plan, LoadProtocol protocol, InetSocketAddress server, Clock clock) {
        this.plan = plan;
        this.protocol = protocol;
        this.server = server;
        this.clock = clock;
    }

    /**
     * Runs it, on the calling thread, which should be a platform thread that does nothing else.
     *
     * @throws java.net.ConnectException if no connection can be opened; its message is the reason
     */
    public LoadResult run() throws IOException {
        Sockets.requireExactWaits();
        try (Sockets sockets = new Sockets(server)) {
            LoadLoop.Surroundings around = new LoadLoop.Surroundings(
                    sockets, clock, new LinuxUsage(), now -> progress = now, () -> isStopping);
            return new LoadLoop(plan, protocol, around).run();
        }
    }

    /** How far it is: a tenth of a second ago, or less. */
    public LoadProgress progress() {
        return progress;
    }

    /** Ends it early: what was due until now is waited for and reported. */
    public void stop() {
        isStopping = true;
    }
}
