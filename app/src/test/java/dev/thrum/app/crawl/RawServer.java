package dev.thrum.app.crawl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server whose responses a test writes byte by byte; one request on each connection. */
final class RawServer implements AutoCloseable {
    private final ServerSocket socket;
    private final Responder responder;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<String> targets = new CopyOnWriteArrayList<>();

    /** Writes a response, or a part of one. The connection is closed after it has returned. */
    @FunctionalInterface
    interface Responder {
        void respond(String target, Map<String, String> fields, OutputStream out) throws IOException;
    }

    RawServer(Responder responder) throws IOException {
        this.responder = responder;
        this.socket = new ServerSocket(0, 100, InetAddress.getByName("0.0.0.0"));
        Thread.ofVirtual().start(this::accept);
    }

    /** A response with this status, these field lines and this body. */
    static void respond(OutputStream out, String status, String fields, byte[] body) throws IOException {
        String head = "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n" + fields
                + "\r\n";
        out.write(head.getBytes(StandardCharsets.UTF_8));
        out.write(body);
        out.flush();
    }

    String url(String target) {
        return "http://127.0.0.1:" + socket.getLocalPort() + target;
    }

    int port() {
        return socket.getLocalPort();
    }

    /** The targets of all requests so far. */
    List<String> targets() {
        return targets;
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
            String request = lines.readLine();
            if (request == null) {
                return;
            }
            Map<String, String> fields = new TreeMap<>();
            for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                String[] parts = line.split(": *", 2);
                fields.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
            }
            String target = request.split(" ", -1)[1];
            targets.add(target);
            responder.respond(target, fields, connection.getOutputStream());
            connection.shutdownOutput();
        } catch (IOException e) {
            // The client has gone, or was killed.
        }
    }

    /** Closes the connections that are open. */
    void dropConnections() throws IOException {
        for (Socket connection : connections) {
            connection.close();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        dropConnections();
    }
}
