package dev.thrum.measure.load;

import dev.thrum.http.Headers;
import dev.thrum.http.client.url.Url;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** The requests of a load, and how their responses end. */
public sealed interface LoadProtocol permits HttpLoad, LineLoad {
    /**
     * The same HTTP/1.1 request again and again.
     *
     * @param method such as GET
     * @param headers in addition to Host, User-Agent, Accept and Content-Length, or instead of them
     * @throws IllegalArgumentException if the method is none
     */
    static LoadProtocol http(Url url, String method, Headers headers, byte[] body) {
        return HttpLoad.of(url, method, headers, body);
    }

    /**
     * Lines, each of which is answered with one line. Every connection sends them in turn, again and again.
     *
     * <p>Connects once to learn how many lines the server sends before it is asked.
     *
     * @param greeting how long to wait for those lines
     */
    static LoadProtocol lines(List<String> lines, InetSocketAddress server, Duration greeting) throws IOException {
        return LineLoad.learnt(lines, server, greeting);
    }

    /** The requests, which each connection sends one after the other, and then again. */
    List<MemorySegment> requests();

    /** Recognises the responses on one connection. */
    Reply reply();
}
