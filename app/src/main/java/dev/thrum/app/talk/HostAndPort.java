package dev.thrum.app.talk;

import dev.thrum.app.cli.CommandException;
import dev.thrum.engine.Connection;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.Engine;
import dev.thrum.tls.TlsClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The address of a server, as users write it: {@code localhost:8888}, {@code 127.0.0.1:8888}, {@code [::1]:8888}. */
public record HostAndPort(String host, int port) {
    private static final Pattern SYNTAX = Pattern.compile("(?:\\[([0-9A-Fa-f:.%\\w]+)]|([^\\[\\]:\\s]+)):(\\d{1,5})");
    private static final int HIGHEST = 65_535;

    /**
     * Parses it.
     *
     * @throws TypeConversionException if it is none
     */
    public static HostAndPort of(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()
                || Integer.parseInt(matcher.group(3)) > HIGHEST
                || matcher.group(3).matches("0+")) {
            throw new TypeConversionException(
                    "expected HOST:PORT, such as localhost:8888 or [::1]:8888, but was \"" + text + "\"");
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return new HostAndPort(host, Integer.parseInt(matcher.group(3)));
    }

    /**
     * Opens a connection: looks up the host, tries its addresses in turn until one connects, and performs the handshake if it
     * is to be encrypted.
     *
     * @param tls null to encrypt nothing
     * @param deadline for all of that
     */
    Connection connect(Engine engine, @Nullable TlsClient tls, Duration deadline) throws CommandException {
        InetSocketAddress address = InetSocketAddress.createUnresolved(host, port);
        try {
            return tls == null ? engine.connect(address, deadline) : engine.connect(address, tls, deadline);
        } catch (UnknownHostException e) {
            throw new CommandException(
                    "cannot connect to " + this + ": the host \"" + host + "\" was not found; check its spelling", e);
        } catch (IOException e) {
            throw new CommandException("cannot connect to " + this + ": " + reason(e), e);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof DeadlineException || e instanceof SocketTimeoutException) {
            return "no answer in time; check the address, or wait longer with --deadline TIME";
        }
        if (e instanceof NoRouteToHostException) {
            return "the network does not reach it; check the address";
        }
        if (e instanceof ConnectException && String.valueOf(e.getMessage()).contains("refused")) {
            return "no program listens there; start the server or check the port";
        }
        if (e instanceof SSLException && !(e instanceof SSLHandshakeException)) {
            return e.getMessage() + "; check that the port speaks TLS";
        }
        return String.valueOf(e.getMessage());
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<HostAndPort> {
        @Override
        public HostAndPort convert(String value) {
            return of(value);
        }
    }
}
