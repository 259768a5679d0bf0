package dev.thrum.engine;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;

/** The JDK's socket exceptions with the address in them, which they lack. */
final class Failures {
    private Failures() {}

    /** The exception to throw where listening failed. */
    static IOException listening(String protocol, InetSocketAddress address, IOException cause) {
        return cause instanceof BindException
                ? caused(
                        new BindException(
                                "cannot listen on " + protocol + " " + text(address) + ": " + cause.getMessage()),
                        cause)
                : cause;
    }

    /** The exception to throw where nobody answered. */
    static IOException connecting(InetSocketAddress address, ConnectException cause) {
        return caused(new ConnectException("cannot connect to " + text(address) + ": " + cause.getMessage()), cause);
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    private static IOException caused(IOException exception, IOException cause) {
        exception.initCause(cause);
        return exception;
    }
}
