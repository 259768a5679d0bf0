package dev.thrum.engine.spi;

import dev.thrum.base.AddressText;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;

/**
 * Socket address functions that the JDK lacks: sockets of one family, and exceptions that name the address. For
 * engine implementations.
 */
public final class Addresses {
    private Addresses() {}

    /** The family of the socket to open: the JDK's default for an IPv4 address would listen on IPv6 too. */
    public static ProtocolFamily family(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6;
    }

    /** The exception to throw when listening fails. */
    public static IOException listening(String protocol, InetSocketAddress address, IOException cause) {
        return cause instanceof BindException
                ? caused(
                        new BindException("cannot listen on " + protocol + " " + AddressText.of(address) + ": "
                                + cause.getMessage()),
                        cause)
                : cause;
    }

    /** The exception to throw when connecting fails. */
    public static IOException connecting(InetSocketAddress address, ConnectException cause) {
        return caused(new ConnectException("cannot connect to " + target(address) + ": " + cause.getMessage()), cause);
    }

    /** With the name of the host where the caller has given one. */
    private static String target(InetSocketAddress address) {
        InetAddress resolved = address.getAddress();
        String host = address.getHostString();
        return resolved == null || host.equals(resolved.getHostAddress())
                ? AddressText.of(address)
                : host + ":" + address.getPort();
    }

    private static IOException caused(IOException exception, IOException cause) {
        exception.initCause(cause);
        return exception;
    }
}
