package dev.thrum.events;

import dev.thrum.events.ring.Kernel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.BindException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.util.Set;

/** A translation of Netty's exceptions for failed system calls to the JDK's exceptions and messages. */
final class NativeErrors {
    /**
     * Linux's EPERM, ENONET, EPROTO, ENOPROTOOPT, EOPNOTSUPP, ENETDOWN, ENETUNREACH, ECONNABORTED, EHOSTDOWN and
     * EHOSTUNREACH: according to accept(2), try again at once.
     */
    private static final Set<Integer> OF_ONE_CLIENT = Set.of(1, 64, 71, 92, 95, 100, 101, 103, 112, 113);

    private NativeErrors() {}

    /** {@code Connection refused}, from {@code finishConnect(..) failed with error(-111): Connection refused}. */
    static String reason(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        int reason = message.indexOf("): ");
        return reason < 0 ? message : message.substring(reason + "): ".length()).split(": ", 2)[0];
    }

    /**
     * Translates the unchecked exception that Netty throws when no socket can be opened, most often for lack of
     * descriptors.
     */
    static IOException opening(ChannelException failure) {
        return failure.getCause() instanceof IOException cause
                ? new IOException(reason(cause), failure)
                : new IOException(String.valueOf(failure.getMessage()), failure);
    }

    /**
     * Translates a failure of accepting. For errors of one client (listed in accept(2)) it returns a
     * {@link ProtocolException}, as the JDK does; errors of the listener stay different.
     */
    static Throwable accepting(Throwable failure) {
        return switch (failure) {
            case Errors.NativeIoException e
            when OF_ONE_CLIENT.contains(Math.abs(e.expectedErr())) -> new ProtocolException(reason(e));
            // A JDK exception already.
            case SocketException e -> e;
            case IOException e -> new IOException(reason(e));
            case Throwable e -> e;
        };
    }

    /** The exception for a failure of accepting with this error number; see {@link #accepting(Throwable)}. */
    static IOException accepting(int error) {
        String reason = Kernel.text(error);
        return OF_ONE_CLIENT.contains(error) ? new ProtocolException(reason) : new IOException(reason);
    }

    /** The exception that the JDK throws when binding fails. */
    static BindException binding(IOException failure) {
        BindException exception = new BindException(reason(failure));
        exception.initCause(failure);
        return exception;
    }
}
