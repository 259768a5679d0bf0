package dev.thrum.tls;

import java.io.IOException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;

/** Makes the exceptions of handshakes say in one line what is wrong. */
final class HandshakeFailure {
    private HandshakeFailure() {}

    /** If a certificate was refused, an exception that says why; else the same exception. */
    static IOException of(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException refused && refused.getMessage() != null) {
                SSLHandshakeException clear = new SSLHandshakeException(refused.getMessage());
                clear.initCause(failure);
                return clear;
            }
        }
        return failure;
    }
}
