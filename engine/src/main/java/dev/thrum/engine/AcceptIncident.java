package dev.thrum.engine;

import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A time in which a listener can't accept: logged once, and once more when it is over. For who makes an engine.
 *
 * <p>Owned by the thread that accepts.
 */
public final class AcceptIncident {
    /** How long a listener pauses before it tries again. */
    public static final Duration PAUSE = Duration.ofMillis(100);

    /** Accepting must have worked this long before an incident counts as over. */
    private static final Duration CALM = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger("dev.thrum.engine");

    private final InetSocketAddress address;
    private final Clock clock;
    private boolean troubled;
    private long lastTrouble;

    public AcceptIncident(InetSocketAddress address, Clock clock) {
        this.address = address;
        this.clock = clock;
    }

    /** Accepting failed; the listener pauses. */
    public void failed(Throwable reason) {
        if (!troubled) {
            troubled = true;
            LOG.log(
                    Level.WARNING,
                    "accepting on {0} pauses: {1}. If it is file descriptors: raise the limit (ulimit -n) or lower the"
                            + " limit of connections",
                    address,
                    reason.getMessage());
        }
        lastTrouble = clock.nanoTime();
    }

    /** Accepting worked. */
    public void accepted() {
        if (troubled && clock.nanoTime() - lastTrouble > CALM.toNanos()) {
            troubled = false;
            LOG.log(Level.INFO, "accepting on {0} again", address);
        }
    }
}
