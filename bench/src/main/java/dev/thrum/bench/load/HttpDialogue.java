package dev.thrum.bench.load;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A small GET request, or several pipelined ones, on persistent connections; the expected response is learnt from the
 * server first.
 *
 * <p>Each later response must have the length of the first. The quick check compares version, status and the last bytes
 * of the body. The full check compares every byte except the date.
 */
public final class HttpDialogue implements Dialogue {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int STATUS = 8;
    private static final int TAIL = 8;

    private final HttpSample sample;
    private final MemorySegment requests;
    private final MemorySegment answer;
    private final int length;
    private final int depth;
    private final long version;
    private final int status;
    private final long tail;

    private HttpDialogue(HttpSample sample, byte[] request, int depth) {
        this.sample = sample;
        this.depth = depth;
        length = sample.text().length();
        answer = copy(sample.text().getBytes(StandardCharsets.ISO_8859_1), 1);
        requests = copy(request, depth);
        version = answer.get(JAVA_LONG_UNALIGNED, 0);
        status = answer.get(JAVA_INT_UNALIGNED, STATUS);
        tail = answer.get(JAVA_LONG_UNALIGNED, length - TAIL);
    }

    /**
     * Sends the request twice to the server at this port, and takes the response as the example.
     *
     * @param path the path of the request
     * @param body the expected body
     * @param depth the number of pipelined requests
     */
    public static HttpDialogue with(int port, String path, String body, int depth) throws IOException {
        byte[] request = request(port, path);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            HttpSample first = ask(socket, request, body);
            HttpSample second = ask(socket, request, body);
            if (!first.matches(second)) {
                throw new IOException("expected the same response to the same request but was \"" + first.text()
                        + "\" and \"" + second.text() + '"');
            }
            return new HttpDialogue(first, request, depth);
        }
    }

    @Override
    public long question(int connection) {
        return requests.address();
    }

    @Override
    public int questionLength() {
        return (int) requests.byteSize();
    }

    @Override
    public int answers() {
        return depth;
    }

    @Override
    public int answerLength() {
        return length * depth;
    }

    @Override
    public boolean looksRight(MemorySegment received, long offset) {
        long start = offset;
        for (int i = 0; i < depth; i++) {
            if (received.get(JAVA_LONG_UNALIGNED, start) != version
                    || received.get(JAVA_INT_UNALIGNED, start + STATUS) != status
                    || received.get(JAVA_LONG_UNALIGNED, start + length - TAIL) != tail) {
                return false;
            }
            start += length;
        }
        return true;
    }

    @Override
    public boolean isRight(int connection, MemorySegment received, long offset) {
        for (int i = 0; i < depth; i++) {
            long start = offset + (long) i * length;
            if (differs(received, start, 0, sample.date()) || differs(received, start, sample.dateEnd(), length)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String expected(int connection) {
        return depth + " times " + sample.text();
    }

    private boolean differs(MemorySegment received, long start, int from, int to) {
        return MemorySegment.mismatch(received, start + from, start + to, answer, from, to) >= 0;
    }

    private static HttpSample ask(Socket socket, byte[] request, String body) throws IOException {
        InputStream in = socket.getInputStream();
        socket.getOutputStream().write(request);
        return HttpSample.read(in, body);
    }

    static byte[] request(int port, String path) {
        String text = "GET " + path + " HTTP/1.1\r\nHost: localhost:" + port
                + "\r\nUser-Agent: thrum-bench\r\nAccept: */*\r\n\r\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static MemorySegment copy(byte[] bytes, int times) {
        MemorySegment copies = Arena.ofAuto().allocate((long) bytes.length * times, Long.BYTES);
        for (int i = 0; i < times; i++) {
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, copies, (long) i * bytes.length, bytes.length);
        }
        return copies;
    }
}
