package dev.thrum.bench.peers;

import dev.thrum.bench.load.Greeting;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/** HTTP on Jetty's core server: one acceptor, one selector, one handler. */
final class JettyHttp {
    private JettyHttp() {}

    /**
     * On its default pool of platform threads, with a handler that is declared non-blocking, so that there is no switch
     * of threads.
     */
    static Endpoint pooled() throws Exception {
        return start(new QueuedThreadPool(), InvocationType.NON_BLOCKING);
    }

    /** On a pool of at most this many platform threads, acceptor and selector included, with a handler that may block. */
    static Endpoint blocking(int threads) throws Exception {
        return start(new QueuedThreadPool(threads), InvocationType.BLOCKING);
    }

    /** On virtual threads only, with a handler that may block. */
    static Endpoint virtual() throws Exception {
        return start(new VirtualThreadPool(), InvocationType.BLOCKING);
    }

    private static Endpoint start(ThreadPool threads, InvocationType type) throws Exception {
        Server server = new Server(threads);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(true);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setAcceptQueueSize(Endpoint.BACKLOG);
        server.addConnector(connector);
        server.setHandler(new Greeter(type));
        server.start();
        return new Endpoint(connector.getLocalPort(), () -> stop(server));
    }

    private static void stop(Server server) throws IOException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException("expected Jetty to stop", e);
        }
    }

    private static final class Greeter extends Handler.Abstract {
        private final byte[] text = Greeting.text();

        Greeter(InvocationType type) {
            super(type);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            return switch (request.getHttpURI().getPath()) {
                case Greeting.TEXT_PATH -> answer(response, Greeting.TEXT_TYPE, text, callback);
                case Greeting.JSON_PATH -> answer(response, Greeting.JSON_TYPE, Greeting.json(), callback);
                default -> false;
            };
        }

        private static boolean answer(Response response, String type, byte[] body, Callback callback) {
            var _ = response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
            var _ = response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
            response.write(true, ByteBuffer.wrap(body), callback);
            return true;
        }
    }
}
