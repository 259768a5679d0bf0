package dev.thrum.netty;

import io.netty.channel.ChannelException;
import java.io.IOException;
import java.net.BindException;

/** What Netty's exceptions of system calls say, in the JDK's words. */
final class NativeErrors {
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

    /** What the JDK throws where binding fails. */
    static BindException binding(IOException failure) {
        BindException exception = new BindException(reason(failure));
        exception.initCause(failure);
        return exception;
    }
}
