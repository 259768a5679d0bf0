package dev.thrum.bench.peers;

import dev.thrum.bench.load.LineDialogue;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Line echo in the textbook way: a server socket, and a platform thread for each connection. */
final class PlainEcho {
    private PlainEcho() {}

    static Endpoint start() throws IOException {
        ServerSocket listening = new ServerSocket(0, Endpoint.BACKLOG, InetAddress.getLoopbackAddress());
        var _ = Thread.ofPlatform().daemon().name("acceptor").start(() -> accept(listening));
        return new Endpoint(listening.getLocalPort(), listening);
    }

    private static void accept(ServerSocket listening) {
        try {
            while (true) {
                Socket socket = listening.accept();
                var _ = Thread.ofPlatform().daemon().start(() -> serve(socket));
            }
        } catch (IOException e) {
            if (!listening.isClosed()) {
                throw new IllegalStateException("expected to accept connections", e);
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                BufferedWriter out =
                        new BufferedWriter(new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8))) {
            socket.setTcpNoDelay(true);
            String line = in.readLine();
            while (line != null) {
                out.write(LineDialogue.PREFIX);
                out.write(line);
                out.write('\n');
                out.flush();
                line = in.readLine();
            }
        } catch (IOException e) {
            // The client has disconnected.
        }
    }
}
