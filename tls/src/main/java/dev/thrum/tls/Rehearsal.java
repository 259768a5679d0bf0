package dev.thrum.tls;

import dev.thrum.base.Clock;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * A handshake in memory before the first client comes: it shows that a certificate can be used, and loads what the JDK loads
 * only in a first handshake, which takes about a second on a busy machine.
 */
final class Rehearsal {
    /** A handshake has about ten steps. */
    private static final int MOST_STEPS = 100;

    private final SSLEngine server;
    private final SSLEngine client;
    private final ByteBuffer toServer = ByteBuffer.allocate(4 * PacketBuffers.PACKET);
    private final ByteBuffer room = ByteBuffer.allocate(PacketBuffers.PACKET);
    private final ByteBuffer toClient = ByteBuffer.allocate(4 * PacketBuffers.PACKET);

    private Rehearsal(SSLEngine server, SSLEngine client) {
        this.server = server;
        this.client = client;
    }

    /** Performs a handshake with this key. */
    static void of(Engines engines, CertifiedKey key) throws TlsConfigException {
        try {
            new Rehearsal(engines.newEngine(0), client(key)).perform();
        } catch (SSLException | GeneralSecurityException e) {
            throw new TlsConfigException(
                    "expected a certificate for TLS but a handshake with that of " + key.names() + " fails: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Performs a handshake with a key that is made for it, to load what a client's first one needs. */
    static void ofClient() throws TlsConfigException {
        SecureRandom random = new SecureRandom();
        CertifiedKey key = SelfSigned.create(List.of("localhost"), SelfSigned.Kind.P256, random, Clock.system());
        of(new JdkServer(null, random, true).of(List.of(key), TlsOptions.defaults()), key);
    }

    private static SSLEngine client(CertifiedKey key) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {PeerChecks.none()}, new SecureRandom());
        List<String> names = key.names();
        String name = names.isEmpty() ? "localhost" : names.getFirst().replace("*", "any");
        return new JdkEngines(context, TlsOptions.defaults(), false, name).newEngine(1);
    }

    private void perform() throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        for (int i = 0; i < MOST_STEPS; i++) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
            if (isDone(client) && isDone(server)) {
                return;
            }
        }
        throw new SSLException("expected a handshake in memory to end but it does not");
    }

    private static boolean isDone(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                && !engine.getSession().getProtocol().equals("NONE");
    }

    private void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
            case NEED_TASK -> HandshakeLoop.runTasks(engine);
            case NEED_UNWRAP -> {
                in.flip();
                engine.unwrap(in, room.clear());
                in.compact();
            }
            default -> {}
        }
    }
}
