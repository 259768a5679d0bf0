package dev.thrum.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Connections of the JDK's TLS that trust every certificate, each of which asks once. Safe for concurrent use. */
final class TlsClients {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final SSLContext context;

    /** Sessions are kept by the server's name, so a name that wasn't used before has none to resume. */
    private final AtomicLong names = new AtomicLong();

    TlsClients() throws IOException {
        try {
            context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {new Everybody()}, null);
        } catch (GeneralSecurityException e) {
            throw new IOException("expected the JDK's TLS to work but was " + e.getMessage(), e);
        }
    }

    /** Opens a connection, and returns it when the text has been received on it. */
    SSLSocket ask(int port, boolean resume) throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        boolean asked = false;
        try {
            plain.setSoTimeout(TIMEOUT_MILLIS);
            plain.setTcpNoDelay(true);
            String name = resume ? "localhost" : "client-" + names.incrementAndGet() + ".localhost";
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true);
            socket.getOutputStream().write(HttpDialogue.request(port, Greeting.TEXT_PATH));
            var _ = HttpSample.read(socket.getInputStream(), Greeting.TEXT);
            asked = true;
            return socket;
        } finally {
            if (!asked) {
                plain.close();
            }
        }
    }

    /** The servers' certificates vouch for themselves. */
    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
