package dev.thrum.bench.handshakes;

import dev.thrum.base.Clock;
import dev.thrum.bench.load.Commands;
import dev.thrum.bench.peers.Certificate;
import dev.thrum.engine.spi.SecureWire;
import dev.thrum.tls.Tls;
import dev.thrum.tls.TlsConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;

/**
 * The main class of the process that performs handshakes of TLS 1.3 in memory, and measures the side of the server.
 *
 * <p>Its commands are {@code full MILLIS} and {@code resumed MILLIS}, answered with {@link HandshakeTimes}.
 */
public final class HandshakeProcess {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final String NAME = "localhost";

    private final Tls tls;
    private final SSLContext clients;

    /** Sessions are kept by name and port, so another port has none to resume. */
    private int port = 1;

    HandshakeProcess(Certificate certificate) throws TlsConfigException, IOException, GeneralSecurityException {
        tls = Tls.server().certificate(certificate.chain(), certificate.key()).build();
        clients = clients(certificate.chain());
    }

    /** Argument: the kind of the certificate. */
    public static void main(String[] arguments) throws TlsConfigException, IOException, GeneralSecurityException {
        Commands.serve(new HandshakeProcess(Certificate.shared(Certificate.Kind.named(arguments[0])))::answer);
    }

    private static SSLContext clients(Path chain) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(chain)) {
            trusted.setCertificateEntry(
                    NAME, CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private String answer(String[] command) throws IOException {
        return perform(command[0].equals("resumed"), Long.parseLong(command[1])).toString();
    }

    /** Performs handshakes for this long, at least one. */
    HandshakeTimes perform(boolean resumed, long millis) throws IOException {
        if (resumed) {
            // The first one makes the session.
            var _ = handshake();
        }
        List<Steps> all = new ArrayList<>();
        long end = System.nanoTime() + millis * NANOS_PER_MILLI;
        do {
            if (!resumed) {
                port++;
            }
            all.add(handshake());
        } while (System.nanoTime() - end < 0);
        return HandshakeTimes.of(all);
    }

    private Steps handshake() throws IOException {
        SSLEngine engine = clients.createSSLEngine(NAME, port);
        engine.setUseClientMode(true);
        ClientSide client = new ClientSide(engine);
        Steps steps = new Steps();
        SecureWire server = tls.over(new MemoryWire(client, steps), Clock.system());
        steps.begin();
        int result = server.handshake(steps::aside);
        steps.end();
        // Its ticket.
        client.proceed();
        if (result != 0 || !client.isDone()) {
            throw new IOException("expected a handshake to be done on both sides but its result is " + result);
        }
        return steps;
    }
}
