package dev.thrum.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generator finds the answers of a server that sends a welcome first, whatever pieces it arrives in. */
@EnabledOnOs(OS.LINUX)
final class WelcomedLineTest {
    private static final String WELCOME = "Welcome! You are client number 1, and this line is longer than an answer.\n";

    @ParameterizedTest
    @ValueSource(ints = {1, 30, 64, 1_000})
    void welcome_inPieces_isNotCountedAsAnAnswer(int piece) throws Exception {
        Histogram trips = new Histogram(3);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Clients clients = new Clients(LineDialogue.welcomed(1, "\r\n"), server.getLocalPort(), 1, trips)) {
            CompletableFuture<Integer> served = CompletableFuture.supplyAsync(() -> answer(server, piece));
            clients.open();
            clients.start();
            clients.end();

            assertThat(served.get(20, TimeUnit.SECONDS)).isEqualTo(2);
        }
        assertThat(trips.getTotalCount()).isEqualTo(2);
    }

    /** Sends the welcome and the first answer in pieces; returns how many lines it has answered. */
    private static int answer(ServerSocket server, int piece) {
        try (Socket socket = server.accept();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            socket.setTcpNoDelay(true);
            int answered = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String answer = "Echo: " + line + "\r\n";
                send(socket.getOutputStream(), answered == 0 ? WELCOME + answer : answer, piece);
                answered++;
            }
            return answered;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void send(OutputStream out, String text, int piece) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i += piece) {
            out.write(bytes, i, Math.min(piece, bytes.length - i));
            out.flush();
        }
    }
}
