package dev.thrum.events;

import dev.thrum.base.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;

/**
 * The JDK's own pollers, by which virtual threads wait for the JDK's sockets.
 *
 * <p>They are virtual threads too, made when one waits for a socket for the first time in this JVM, and they inherit the
 * scheduler of that one: on a loop they would stop with it, and every socket of the JVM with them. So an ordinary
 * virtual thread waits for a socket before there are loops.
 */
final class Pollers {
    private static final System.Logger LOG = System.getLogger("dev.thrum.events");

    private Pollers() {}

    /** Has them made, unless they are there. */
    static void start() {
        // A thread inherits from who starts it: between a caller that a loop carries and us stands a platform thread.
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
            LOG.log(Level.TRACE, "nobody came, as expected", e);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "no socket could be opened; do so in an ordinary virtual thread first", e);
        }
    }
}
