package dev.thrum.engine.spi;

import dev.thrum.base.AddressText;
import dev.thrum.base.Clock;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.time.Duration;

/**
 * A period in which a listener can't accept connections; logged once when it begins and once when it is over. For
 * engine implementations.
 *
 * <p>Owned by the thread that accepts.
 */
public final class AcceptIncident {
    /** How long a listener pauses when it can't accept. */
    public static final Duration PAUSE = Duration.ofMillis(100);

    /** After this many consecutive failures of single clients the listener pauses too, so that it does not spin. */
    public static final int MOST_IN_A_ROW = 16;

    /** Accepting must have worked this long before an incident counts as over. */
    private static final Duration CALM = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger("dev.thrum.engine");

    /** Made at the start: without descriptors no class can be loaded. */
    private final String address;

    private final Clock clock;
    private boolean troubled;
    private long lastTrouble;
    private int failedInARow;

    public AcceptIncident(InetSocketAddress address, Clock clock) {
        this.address = AddressText.of(address);
        this.clock = clock;
    }

    /**
     * Records a failure; returns how long to wait before the next attempt. That is zero if only one client has failed
     * and not the listener (see accept(2): the client disconnected, or a firewall forbids it).
     */
    public Duration failed(Throwable reason) {
        boolean ofOneClient = isOfOneClient(reason);
        if (ofOneClient && ++failedInARow < MOST_IN_A_ROW) {
            return Duration.ZERO;
        }
        failedInARow = 0;
        if (!troubled) {
            troubled = true;
            log(
                    Level.WARNING,
                    "accepting on " + address + " pauses: " + reason.getMessage() + ". "
                            + (ofOneClient
                                    ? MOST_IN_A_ROW
                                            + " clients in a row disconnected or were blocked, as by a firewall,"
                                            + " before they were accepted"
                                    : "If file descriptors have run out, raise the limit (ulimit -n) or lower the limit of"
                                            + " connections"));
        }
        lastTrouble = clock.nanoTime();
        return PAUSE;
    }

    /**
     * The exceptions that the JDK throws for EPROTO, EPERM and EHOSTUNREACH. On ECONNABORTED it accepts again by
     * itself.
     */
    private static boolean isOfOneClient(Throwable reason) {
        return reason instanceof ProtocolException
                || reason instanceof BindException
                || reason instanceof NoRouteToHostException;
    }

    /** Records that a connection was accepted. */
    public void accepted() {
        failedInARow = 0;
        if (troubled && clock.nanoTime() - lastTrouble > CALM.toNanos()) {
            troubled = false;
            log(Level.INFO, "accepting on " + address + " again");
        }
    }

    /** Accepting goes on whatever a logger does. */
    private static void log(Level level, String text) {
        try {
            LOG.log(level, text);
        } catch (RuntimeException | Error e) {
            // There is nowhere to report it.
        }
    }
}
