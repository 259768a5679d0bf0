package dev.thrum.events;

import dev.thrum.base.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;

/**
 * The JDK's own pollers, with which virtual threads wait for the JDK's sockets.
 *
 * <p>They are virtual threads too, created when a virtual thread waits for a socket for the first time in this JVM,
 * and they inherit its scheduler: on a loop they would stop with it, and every socket of the JVM with them. So an
 * ordinary virtual thread waits for a socket before the loops exist.
 */
final class Pollers {
    private static final System.Logger LOG = System.getLogger("dev.thrum.events");

    private Pollers() {}

    /** Makes the JDK create them, unless they exist. */
    static void start() {
        // A thread inherits the scheduler of its parent: if the caller runs on a loop, a platform thread in between
        // avoids that.
        Thread between = Thread.ofPlatform()
                .name("thrum-pollers")
                .start(() -> Threads.joinUninterruptibly(Thread.ofVirtual().start(Pollers::waitForASocket)));
        Threads.joinUninterruptibly(between);
    }

    private static void waitForASocket() {
        try (ServerSocket nobodys = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobodys.setSoTimeout(1);
            nobodys.accept().close();
        } catch (SocketTimeoutException e) {
            LOG.log(Level.TRACE, "no client connected, as expected", e);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "no socket could be opened; do so in an ordinary virtual thread first", e);
        }
    }
}
