package dev.thrum.tls;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** A handshake in memory between two engines of the JDK. */
final class MemoryHandshake {
    private static final int MOST_STEPS = 1000;

    private final SSLEngine client;
    private final SSLEngine server;

    MemoryHandshake(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
    }

    static SSLContext context(@Nullable X509ExtendedKeyManager keys, @Nullable X509ExtendedTrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys == null ? new KeyManager[0] : new KeyManager[] {keys},
                    trust == null ? null : new X509ExtendedTrustManager[] {trust},
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The client's side of a connection to a host, which it sends as server name if it is none of an address. */
    static SSLEngine client(SSLContext context, @Nullable String host, String protocol) {
        SSLEngine engine = host == null ? context.createSSLEngine() : context.createSSLEngine(host, 443);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {protocol});
        if (host != null) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            if (host.indexOf(':') < 0 && !Character.isDigit(host.charAt(host.length() - 1))) {
                parameters.setServerNames(List.of(new SNIHostName(host)));
            }
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    static SSLEngine server(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        return engine;
    }

    /** Runs the handshake to its end. */
    void run() throws SSLException {
        ByteBuffer toServer = ByteBuffer.allocate(1 << 17);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 17);
        client.beginHandshake();
        server.beginHandshake();
        for (int i = 0; i < MOST_STEPS; i++) {
            boolean clientMoved = step(client, toClient, toServer);
            boolean serverMoved = step(server, toServer, toClient);
            if (!clientMoved && !serverMoved && isDone(client) && isDone(server)) {
                return;
            }
        }
        throw new AssertionError("expected an end after " + MOST_STEPS + " steps but client is "
                + client.getHandshakeStatus() + " and server is " + server.getHandshakeStatus());
    }

    private static boolean isDone(SSLEngine engine) {
        return engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
    }

    /** Lets an engine do what it can do now; returns whether that was anything. */
    private static boolean step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        Runnable task = engine.getDelegatedTask();
        boolean moved = task != null;
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
        if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
            SSLEngineResult wrapped = engine.wrap(ByteBuffer.allocate(0), out);
            return moved || wrapped.bytesProduced() > 0;
        }
        in.flip();
        SSLEngineResult unwrapped = engine.unwrap(in, ByteBuffer.allocate(1 << 15));
        in.compact();
        return moved || unwrapped.bytesConsumed() > 0;
    }
}
