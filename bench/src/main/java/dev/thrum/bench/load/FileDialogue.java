package dev.thrum.bench.load;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * GET requests for files of a {@link FileTree}, one at a time on each connection; the common part of the responses is
 * learnt from the server first.
 *
 * <p>Each later response must have the length of the first. The quick check compares version and status. The full check
 * compares the number that the file begins with, and all of the body that was kept. Most of the large file is discarded
 * by the system when it arrives: the server is measured, and copying would be the generator's cost.
 */
final class FileDialogue implements Dialogue {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int STATUS = 8;
    private static final int CACHE_LINE = 64;

    /** The number of bytes of a response that are kept, at most. */
    private static final int KEPT = 8_192;

    private final Exchange exchange;
    private final HttpSample sample;
    private final int body;
    private final int kept;
    private final MemorySegment common;
    private final MemorySegment requests;
    private final int requestLength;
    private final int requestSlot;
    private final long[] digits;
    private final long version;
    private final int status;

    // This field and those below are owned by the thread that sends the requests.
    private final Random random = new Random(System.nanoTime());

    /** The files in a random order; no file is requested twice before all have been. */
    private final List<Integer> order;

    private int next;

    /** The file that was requested last on each connection. */
    private final int[] asked;

    private FileDialogue(Exchange exchange, HttpSample sample, List<String> requests, int connections) {
        this.exchange = exchange;
        this.sample = sample;
        String text = sample.text();
        body = text.indexOf("\r\n\r\n") + 4;
        kept = Math.min(text.length(), KEPT);
        common = Arena.ofAuto().allocate(kept, Long.BYTES);
        MemorySegment.copy(bytes(text.substring(0, kept)), 0, common, 0, kept);
        version = common.get(JAVA_LONG_UNALIGNED, 0);
        status = common.get(JAVA_INT_UNALIGNED, STATUS);
        requestLength = requests.getFirst().length();
        requestSlot = (requestLength / CACHE_LINE + 1) * CACHE_LINE;
        this.requests = Arena.ofAuto().allocate((long) requestSlot * requests.size(), CACHE_LINE);
        for (int i = 0; i < requests.size(); i++) {
            MemorySegment.copy(bytes(requests.get(i)), 0, this.requests, (long) i * requestSlot, requestLength);
        }
        digits = IntStream.range(0, requests.size())
                .mapToLong(number -> bytes(FileTree.digits(number)).get(JAVA_LONG_UNALIGNED, 0))
                .toArray();
        order = IntStream.range(0, requests.size()).boxed().collect(Collectors.toList());
        Collections.shuffle(order, random);
        asked = new int[connections];
    }

    /** Requests the first file from the server at this port, and takes the response as the example. */
    static FileDialogue learnt(Exchange exchange, int port, int connections) throws IOException {
        int files = exchange == Exchange.MANY || exchange == Exchange.PASS ? FileTree.MANY : 1;
        List<String> requests = IntStream.range(0, files)
                .mapToObj(number -> request(port, FileTree.path(exchange, number)))
                .toList();
        // In a pass over cold files, this one file is warm.
        int example = 0;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(requests.get(example).getBytes(StandardCharsets.US_ASCII));
            HttpSample sample = HttpSample.read(socket.getInputStream(), FileTree.content(exchange, example));
            return new FileDialogue(exchange, sample, requests, connections);
        }
    }

    private static String request(int port, String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost:" + port
                + "\r\nUser-Agent: thrum-bench\r\nAccept: */*\r\n\r\n";
    }

    private static MemorySegment bytes(String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public long question(int connection) {
        int file = digits.length == 1 ? 0 : nextFile();
        asked[connection] = file;
        return requests.address() + (long) file * requestSlot;
    }

    private int nextFile() {
        if (exchange == Exchange.MANY) {
            return random.nextInt(digits.length);
        }
        int file = order.get(next);
        next = (next + 1) % order.size();
        return file;
    }

    @Override
    public int questionLength() {
        return requestLength;
    }

    @Override
    public int answers() {
        return 1;
    }

    @Override
    public int answerLength() {
        return sample.text().length();
    }

    @Override
    public int keptLength() {
        return kept;
    }

    @Override
    public boolean looksRight(MemorySegment received, long offset) {
        return received.get(JAVA_LONG_UNALIGNED, offset) == version
                && received.get(JAVA_INT_UNALIGNED, offset + STATUS) == status;
    }

    @Override
    public boolean isRight(int connection, MemorySegment received, long offset) {
        long filling = (long) body + FileTree.DIGITS;
        return received.get(JAVA_LONG_UNALIGNED, offset + body) == digits[asked[connection]]
                && MemorySegment.mismatch(received, offset + filling, offset + kept, common, filling, kept) < 0;
    }

    @Override
    public String expected(int connection) {
        return "file " + asked[connection] + " as in " + sample.text().substring(0, body);
    }
}
