package dev.thrum.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.testkit.LeakCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that don't keep to the protocol, or that end in the middle of it. The JDK's sockets play them. */
@ParameterizedClass
@EnumSource(Kind.class)
@ExtendWith(LeakCheck.class)
final class HostilePeerTest {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final Duration SHORT = Duration.ofMillis(300);

    /** Never passes in a test, so that a test that needs it hangs. */
    private static final Duration LONG = Duration.ofMinutes(10);

    private final Kind kind;
    private final Engine engine;

    // Set by listen, as the first step of every test.
    private Tls tls;
    private Server server;

    /** What the conversations have seen: a line that was read, {@code <end>}, {@code <cut>}, or the failure. */
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init")
    HostilePeerTest(Kind kind) {
        this.kind = kind;
        this.engine = kind.open();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void listen(Duration handshakeTime) throws IOException {
        tls = Tls.server()
                .provider(kind.provider())
                .selfSigned(List.of("localhost"))
                .handshakeTime(handshakeTime)
                .build();
        ConnectionHandler handler = this::converse;
        server = engine.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handler, Limits.defaults(), tls);
    }

    private void converse(Connection connection) throws IOException {
        try {
            for (String line = next(connection); !line.isEmpty(); line = next(connection)) {
                seen.add(line);
                connection.writer().write(line + "\n");
                connection.writer().flush();
            }
            seen.add(connection.reader().isTruncated() ? "<cut>" : "<end>");
        } catch (IOException e) {
            seen.add(e.getClass().getSimpleName() + ": " + e.getMessage());
            throw e;
        }
    }

    private static String next(Connection connection) throws IOException {
        return connection.reader().readLine(1_000).orElse("");
    }

    private String seen() throws InterruptedException {
        String next = seen.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        return next == null ? "<nothing>" : next;
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private SSLSocket connect(String protocol) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {PeerChecks.none()}, new SecureRandom());
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setEnabledProtocols(new String[] {protocol});
        return socket;
    }

    /** The first message of a client, in a record. */
    private static byte[] hello() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {PeerChecks.none()}, new SecureRandom());
        SSLEngine client = context.createSSLEngine("localhost", 1);
        client.setUseClientMode(true);
        ByteBuffer record = ByteBuffer.allocate(PacketBuffers.SIZE);
        client.wrap(ByteBuffer.allocate(0), record);
        return Arrays.copyOf(record.array(), record.position());
    }

    /** All that comes until the peer has ended or reset the connection. */
    private static byte[] rest(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            for (int value = in.read(); value >= 0; value = in.read()) {
                all.write(value);
            }
        } catch (SocketException e) {
            // A reset.
        }
        return all.toByteArray();
    }

    private static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            // The server has ended the connection already.
        }
    }

    /** Waits until the counters are as expected. */
    private void untilCounted(Predicate<HandshakeStats> expected) {
        long end = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
        while (!expected.test(tls.handshakes())) {
            assertThat(System.nanoTime() - end).as("%s", tls.handshakes()).isNegative();
            Thread.onSpinWait();
        }
    }

    private void stillServes() throws Exception {
        try (SSLSocket socket = connect("TLSv1.3")) {
            send(socket, "still\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(seen()).isEqualTo("still");
        }
    }

    @Test
    void httpInClearText_isToldToUseHttps() throws Exception {
        listen(LONG);
        try (Socket socket = connect()) {
            send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(rest(socket), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .contains("This port speaks HTTPS");
        }
        untilCounted(stats -> stats.failed() == 1);
        stillServes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "\0\1\2\3\4\5\6\7",
                "EHLO example.org\r\n",
                "GETX",
                "\u0016\3\1\377\377"
            })
    void otherBytes_getAnAlertOrTheEnd_andAreCounted(String bytes) throws Exception {
        listen(LONG);
        try (Socket socket = connect()) {
            send(socket, bytes.getBytes(StandardCharsets.ISO_8859_1));
            byte[] answer = rest(socket);
            assertThat(answer.length == 0 || answer[0] == 21)
                    .as("an alert or nothing")
                    .isTrue();
        }
        untilCounted(stats -> stats.failed() == 1);
        stillServes();
    }

    @Test
    void silentPeer_isResetAtTheDeadline() throws Exception {
        listen(SHORT);
        try (Socket socket = connect()) {
            assertThat(rest(socket)).isEmpty();
        }
        untilCounted(stats -> stats.late() == 1);
        assertThat(engine.connections()).isEmpty();
    }

    @Test
    void peerThatTrickles_isResetAtTheDeadline() throws Exception {
        listen(SHORT);
        byte[] hello = hello();
        try (Socket socket = connect()) {
            // All but the last byte: how fast they come makes no difference.
            for (int i = 0; i < hello.length - 1; i++) {
                send(socket, new byte[] {hello[i]});
            }
            assertThat(rest(socket)).isEmpty();
        }
        untilCounted(stats -> stats.late() == 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 6, 60})
    void peerThatEndsInItsHello_isCounted(int sent) throws Exception {
        listen(LONG);
        try (Socket socket = connect()) {
            send(socket, Arrays.copyOf(hello(), sent));
            socket.shutdownOutput();
            byte[] answer = rest(socket);
            assertThat(answer.length == 0 || answer[0] == 21)
                    .as("an alert or nothing")
                    .isTrue();
        }
        untilCounted(stats -> stats.ended() + stats.failed() == 1);
        stillServes();
    }

    @Test
    void peerThatEndsAfterItsHello_isCounted() throws Exception {
        listen(LONG);
        try (Socket socket = connect()) {
            send(socket, hello());
            assertThat(socket.getInputStream().read()).isEqualTo(22);
        }
        untilCounted(stats -> stats.ended() + stats.failed() == 1);
        stillServes();
    }

    @Test
    void helloInRecordsOfOneByte_isAnswered() throws Exception {
        listen(LONG);
        byte[] hello = hello();
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int i = 5; i < hello.length; i++) {
            records.writeBytes(new byte[] {22, 3, 1, 0, 1, hello[i]});
        }
        try (Socket socket = connect()) {
            send(socket, records.toByteArray());
            assertThat(socket.getInputStream().read()).isEqualTo(22);
        }
        stillServes();
    }

    @Test
    void recordThatIsTooLong_isRefused() throws Exception {
        listen(LONG);
        int length = (1 << 14) + 257;
        byte[] record = new byte[5 + length];
        System.arraycopy(new byte[] {22, 3, 1, (byte) (length >> 8), (byte) length, 1, 0, 0x41, 0}, 0, record, 0, 9);
        try (Socket socket = connect()) {
            send(socket, record);
            byte[] answer = rest(socket);
            assertThat(answer.length == 0 || answer[0] == 21)
                    .as("an alert or nothing")
                    .isTrue();
        }
        untilCounted(stats -> stats.failed() == 1);
        stillServes();
    }

    @Test
    void emptyRecords_endTheConnection() throws Exception {
        listen(LONG);
        byte[] empty = {22, 3, 1, 0, 0};
        try (Socket socket = connect()) {
            for (int i = 0; i < 200; i++) {
                send(socket, empty);
            }
            byte[] answer = rest(socket);
            assertThat(answer.length == 0 || answer[0] == 21)
                    .as("an alert or nothing")
                    .isTrue();
        }
        untilCounted(stats -> stats.failed() == 1);
        stillServes();
    }

    @Test
    void oldProtocol_getsAnAlert() throws Exception {
        listen(LONG);
        // TLS 1.0 only: no extension that offers a later one.
        byte[] body = new byte[2 + 32 + 1 + 4 + 2];
        body[0] = 3;
        body[1] = 1;
        System.arraycopy(new byte[] {0, 0, 2, (byte) 0xc0, 0x13, 1, 0}, 0, body, 34, 7);
        ByteBuffer record = ByteBuffer.allocate(9 + body.length);
        record.put(new byte[] {22, 3, 1, 0, (byte) (4 + body.length), 1, 0, 0, (byte) body.length})
                .put(body);
        try (Socket socket = connect()) {
            send(socket, record.array());
            // A fatal alert: protocol_version.
            assertThat(rest(socket)).startsWith(21).endsWith(2, 70);
        }
        untilCounted(stats -> stats.failed() == 1);
    }

    @Test
    void renegotiation_isRefused() throws Exception {
        listen(LONG);
        try (SSLSocket socket = connect("TLSv1.2")) {
            send(socket, "one\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(seen()).isEqualTo("one");
            assertThat(socket.getInputStream().readNBytes(4)).isEqualTo("one\n".getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        socket.getInputStream().read();
                    })
                    .isInstanceOf(IOException.class);
            assertThat(seen()).contains("SSLException: expected data but the peer ");
        }
        stillServes();
    }

    /** The connection is broken, and what is written after that neither waits nor spins. */
    @Test
    void writeFails_afterTheProtocolWasBroken() throws Exception {
        CompletableFuture<Throwable> write = new CompletableFuture<>();
        tls = Tls.server()
                .provider(kind.provider())
                .selfSigned(List.of("localhost"))
                .build();
        ConnectionHandler handler = connection -> {
            Throwable read = catchThrowable(() -> next(connection));
            seen.add(String.valueOf(read));
            write.complete(catchThrowable(() -> {
                connection.writer().write("after");
                connection.writer().flush();
            }));
        };
        server = engine.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handler, Limits.defaults(), tls);
        try (SSLSocket socket = connect("TLSv1.2")) {
            socket.startHandshake();
            // Again: it begins to renegotiate.
            socket.startHandshake();
            assertThat(seen()).contains("SSLException: expected data but the peer ");
            assertThat(write.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isInstanceOf(SSLException.class);
        } catch (SSLException e) {
            // The server has ended the connection.
            assertThat(write.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void httpInSingleBytes_isToldToUseHttps() throws Exception {
        listen(LONG);
        try (Socket socket = connect()) {
            socket.setTcpNoDelay(true);
            for (char c : "GET / HTTP/1.1\r\n\r\n".toCharArray()) {
                send(socket, new byte[] {(byte) c});
            }
            assertThat(new String(rest(socket), StandardCharsets.US_ASCII)).contains("This port speaks HTTPS");
        }
    }

    @Test
    void end_isTold_fromACut() throws Exception {
        listen(LONG);
        try (SSLSocket socket = connect("TLSv1.3")) {
            send(socket, "one\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(seen()).isEqualTo("one");
            socket.shutdownOutput();
            assertThat(seen()).isEqualTo("<end>");
        }
        try (Socket below = connect();
                SSLSocket socket = over(below)) {
            send(socket, "two\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(seen()).isEqualTo("two");
            below.shutdownOutput();
            assertThat(seen()).isEqualTo("<cut>");
        }
    }

    private static SSLSocket over(Socket below) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {PeerChecks.none()}, new SecureRandom());
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(below, "localhost", 1, false);
        socket.startHandshake();
        return socket;
    }

    @Test
    void newKeys_areAnswered_butAFloodOfThemEndsTheConnection() throws Exception {
        listen(LONG);
        try (SSLSocket socket = connect("TLSv1.3")) {
            for (int i = 0; i < 300; i++) {
                // Asks for new keys on both sides.
                socket.startHandshake();
                send(socket, (i + "\n").getBytes(StandardCharsets.US_ASCII));
                assertThat(seen()).isEqualTo(String.valueOf(i));
            }
            assertThat(socket.getInputStream().readNBytes(4)).isEqualTo("0\n1\n".getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(seen()).isEqualTo("<end>");
        try (SSLSocket socket = connect("TLSv1.3")) {
            send(socket, "one\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(seen()).isEqualTo("one");
            flood(socket);
            assertThat(seen()).contains("expected data");
        }
        stillServes();
    }

    private static void flood(SSLSocket socket) throws IOException {
        try {
            for (int i = 0; i < 1_000; i++) {
                socket.startHandshake();
            }
        } catch (SocketException | SSLException e) {
            // The server has ended the connection.
        }
    }
}
