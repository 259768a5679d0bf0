package dev.thrum.bench;

import dev.thrum.bench.load.ApiDialogue;
import dev.thrum.bench.load.ApiRequests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections to the web service that are silent until all of them send a request for users at the same time. Owned by
 * one thread.
 */
final class Askers implements AutoCloseable {
    /** More than the server has database threads, so some requests wait for one. */
    private static final int COUNT = 12;

    private static final int TIMEOUT_MILLIS = 30_000;

    private final int port;
    private final List<Socket> sockets = new ArrayList<>();
    private int asked;

    private Askers(int port) {
        this.port = port;
    }

    static Askers connect(int port) throws IOException {
        Askers askers = new Askers(port);
        try {
            for (int i = 0; i < COUNT; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                askers.sockets.add(socket);
                socket.setSoTimeout(TIMEOUT_MILLIS);
            }
            return askers;
        } catch (IOException e) {
            askers.close();
            throw e;
        }
    }

    /** Every second one asks for the newest user, the others make a user. Doesn't wait for the responses. */
    void ask() throws IOException {
        for (Socket socket : sockets) {
            asked++;
            String request =
                    asked % 2 == 0 ? ApiRequests.list(port) : ApiRequests.create(port, "a" + asked + "@example.org");
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** Waits for the responses, all of which must be successful. */
    void await() throws IOException {
        for (Socket socket : sockets) {
            String response = ApiDialogue.response(socket.getInputStream());
            if (!response.startsWith("HTTP/1.1 20")) {
                throw new IOException(
                        "expected a successful response after the lock was released but it was: " + response);
            }
        }
    }

    @Override
    public void close() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                // The connection is gone in any case.
            }
        }
    }
}
