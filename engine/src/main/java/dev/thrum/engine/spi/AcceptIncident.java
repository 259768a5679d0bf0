package dev.thrum.engine.spi;

import dev.thrum.base.Clock;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.time.Duration;

/**
 * A time in which a listener can't accept: logged once, and once more when it is over. For who makes an engine.
 *
 * <p>Owned by the thread that accepts.
 */
public final class AcceptIncident {
    /** How long a listener pauses that can't accept. */
    public static final Duration PAUSE = Duration.ofMillis(100);

    /** So many clients in a row may fail before they are accepted; then the listener pauses too, lest it spin. */
    public static final int MOST_IN_A_ROW = 16;

    /** Accepting must have worked this long before an incident counts as over. */
    private static final Duration CALM = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger("dev.thrum.engine");

    private final InetSocketAddress address;
    private final Clock clock;
    private boolean troubled;
    private long lastTrouble;
    private int failedInARow;

    public AcceptIncident(InetSocketAddress address, Clock clock) {
        this.address = address;
        this.clock = clock;
    }

    /**
     * Accepting failed; returns how long to wait before it is tried again. Where one client has failed and not the
     * listener (accept(2): it went away, a firewall forbids it), that is not at all.
     */
    public Duration failed(Throwable reason) {
        boolean ofOneClient = isOfOneClient(reason);
        if (ofOneClient && ++failedInARow < MOST_IN_A_ROW) {
            return Duration.ZERO;
        }
        failedInARow = 0;
        if (!troubled) {
            troubled = true;
            LOG.log(
                    Level.WARNING,
                    "accepting on " + address + " pauses: " + reason.getMessage() + ". "
                            + (ofOneClient
                                    ? MOST_IN_A_ROW + " clients in a row went away or were forbidden, as by a firewall,"
                                            + " before they were accepted"
                                    : "If it is file descriptors: raise the limit (ulimit -n) or lower the limit of"
                                            + " connections"));
        }
        lastTrouble = clock.nanoTime();
        return PAUSE;
    }

    /** What the JDK makes of EPROTO, EPERM and EHOSTUNREACH. On ECONNABORTED it accepts again by itself. */
    private static boolean isOfOneClient(Throwable reason) {
        return reason instanceof ProtocolException
                || reason instanceof BindException
                || reason instanceof NoRouteToHostException;
    }

    /** Accepting worked. */
    public void accepted() {
        failedInARow = 0;
        if (troubled && clock.nanoTime() - lastTrouble > CALM.toNanos()) {
            troubled = false;
            LOG.log(Level.INFO, "accepting on " + address + " again");
        }
    }
}
