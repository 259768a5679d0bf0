package dev.thrum.bench.load;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request to {@code thrum serve} with a different number each time; the expected response is learnt from the server.
 *
 * <p>Each later response must have the same length. The quick check compares version, status and the last byte. The
 * full check compares every byte, except that digits and timestamps may differ; the number must be the one that was
 * sent.
 */
public final class ApiDialogue implements Dialogue {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int LONGEST = 8_192;
    private static final int STATUS = 8;
    private static final int CACHE_LINE = 64;
    private static final int RADIX = 10;
    private static final Pattern LENGTH =
            Pattern.compile("\r\nContent-Length: (\\d{1,6})\r\n", Pattern.CASE_INSENSITIVE);
    private static final Pattern TIMES =
            Pattern.compile("\r\nDate: ([^\r]*)|\"datetime\":\"([^\"]*)", Pattern.CASE_INSENSITIVE);

    private final String request;
    private final String sample;

    /** The offsets of the number in request and response; negative if there is none. */
    private final int asked;

    private final int answered;
    private final boolean[] loose;
    private final long version;
    private final int status;
    private final MemorySegment requests;
    private final int slot;

    /** Owned by the thread that sends the requests. */
    private long number;

    private ApiDialogue(String request, String sample, long first, int connections) {
        this.request = request;
        this.sample = sample;
        this.asked = request.indexOf(ApiRequests.NUMBER);
        this.answered = asked < 0 ? -1 : sample.indexOf(Long.toString(first));
        this.number = first;
        this.loose = loose(sample);
        MemorySegment bytes = MemorySegment.ofArray(sample.getBytes(StandardCharsets.ISO_8859_1));
        version = bytes.get(JAVA_LONG_UNALIGNED, 0);
        status = bytes.get(JAVA_INT_UNALIGNED, STATUS);
        slot = (request.length() / CACHE_LINE + 1) * CACHE_LINE;
        requests = Arena.ofAuto().allocate((long) slot * connections, CACHE_LINE);
        MemorySegment question = MemorySegment.ofArray(request.getBytes(StandardCharsets.ISO_8859_1));
        for (int i = 0; i < connections; i++) {
            MemorySegment.copy(question, 0, requests, (long) i * slot, question.byteSize());
        }
    }

    /** Sends this request, and takes the response as the example. */
    static ApiDialogue learnt(String request, int port, int connections) throws IOException {
        // Every response takes more than a microsecond, so the next window begins with a higher number than this one
        // ends with.
        long first = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            String sample = ask(socket, request.replace(ApiRequests.NUMBER, Long.toString(first)));
            if (!sample.startsWith("HTTP/1.1 20")) {
                throw new IOException("expected a successful response but it was: " + sample);
            }
            return new ApiDialogue(request, sample, first, connections);
        }
    }

    /** Sends a request and reads its response. */
    public static String ask(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return response(socket.getInputStream());
    }

    /** Reads a response with Content-Length. */
    public static String response(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            int octet = in.read();
            if (octet < 0 || head.length() == LONGEST) {
                throw new IOException("expected a whole response but it was: " + head);
            }
            head.append((char) octet);
        }
        Matcher length = LENGTH.matcher(head);
        if (!length.find()) {
            throw new IOException("expected a response with Content-Length but it was: " + head);
        }
        byte[] body = in.readNBytes(Integer.parseInt(length.group(1)));
        return head + new String(body, StandardCharsets.ISO_8859_1);
    }

    private static boolean[] loose(String sample) {
        boolean[] loose = new boolean[sample.length()];
        for (int i = 0; i < loose.length; i++) {
            loose[i] = isDigit(sample.charAt(i));
        }
        // The digits of the status must not differ.
        for (int i = STATUS; i < STATUS + Integer.BYTES; i++) {
            loose[i] = false;
        }
        Matcher times = TIMES.matcher(sample);
        while (times.find()) {
            int group = times.group(1) == null ? 2 : 1;
            for (int i = times.start(group); i < times.end(group); i++) {
                loose[i] = true;
            }
        }
        return loose;
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    @Override
    public long question(int connection) {
        long start = (long) connection * slot;
        if (asked >= 0) {
            number++;
            long left = number;
            for (long i = start + asked + ApiRequests.NUMBER.length() - 1; i >= start + asked; i--) {
                requests.set(JAVA_BYTE, i, (byte) ('0' + left % RADIX));
                left /= RADIX;
            }
        }
        return requests.address() + start;
    }

    @Override
    public int questionLength() {
        return request.length();
    }

    @Override
    public int answers() {
        return 1;
    }

    @Override
    public int answerLength() {
        return sample.length();
    }

    @Override
    public boolean looksRight(MemorySegment received, long offset) {
        return received.get(JAVA_LONG_UNALIGNED, offset) == version
                && received.get(JAVA_INT_UNALIGNED, offset + STATUS) == status
                && received.get(JAVA_BYTE, offset + sample.length() - 1) == sample.charAt(sample.length() - 1);
    }

    @Override
    public boolean isRight(int connection, MemorySegment received, long offset) {
        for (int i = 0; i < sample.length(); i++) {
            if (!loose[i] && received.get(JAVA_BYTE, offset + i) != sample.charAt(i)) {
                return false;
            }
        }
        return answered < 0
                || MemorySegment.mismatch(
                                received,
                                offset + answered,
                                offset + answered + ApiRequests.NUMBER.length(),
                                requests,
                                (long) connection * slot + asked,
                                (long) connection * slot + asked + ApiRequests.NUMBER.length())
                        < 0;
    }

    @Override
    public String expected(int connection) {
        return sample;
    }
}
