package dev.thrum.events;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.BindException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.util.Set;

/** What Netty's exceptions of system calls say, in the JDK's words. */
final class NativeErrors {
    /**
     * Linux's EPERM, ENONET, EPROTO, ENOPROTOOPT, EOPNOTSUPP, ENETDOWN, ENETUNREACH, ECONNABORTED, EHOSTDOWN and
     * EHOSTUNREACH: accept(2) says to try again at once.
     */
    private static final Set<Integer> OF_ONE_CLIENT = Set.of(1, 64, 71, 92, 95, 100, 101, 103, 112, 113);

    private NativeErrors() {}

    /** {@code Connection refused}, out of {@code finishConnect(..) failed with error(-111): Connection refused}. */
    static String reason(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        int reason = message.indexOf("): ");
        return reason < 0 ? message : message.substring(reason + "): ".length()).split(": ", 2)[0];
    }

    /** Netty says by an unchecked exception that no socket could be opened, most often for want of descriptors. */
    static IOException opening(ChannelException failure) {
        return failure.getCause() instanceof IOException cause
                ? new IOException(reason(cause), failure)
                : new IOException(String.valueOf(failure.getMessage()), failure);
    }

    /**
     * Why accepting failed. Of the errors of one client (accept(2) has them) the JDK makes a {@link ProtocolException}, or
     * accepts the next; the errors of the listener are others.
     */
    static Throwable accepting(Throwable failure) {
        return switch (failure) {
            case Errors.NativeIoException e
            when OF_ONE_CLIENT.contains(Math.abs(e.expectedErr())) -> new ProtocolException(reason(e));
            // In the JDK's words already.
            case SocketException e -> e;
            case IOException e -> new IOException(reason(e));
            case Throwable e -> e;
        };
    }

    /** What the JDK throws where binding fails. */
    static BindException binding(IOException failure) {
        BindException exception = new BindException(reason(failure));
        exception.initCause(failure);
        return exception;
    }
}
