package dev.thrum.measure.load;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Lines, each of which is answered with one line.
 *
 * @param requests the lines with their ends
 * @param greetings the number of lines that the server sends before it is asked
 */
record LineLoad(List<MemorySegment> requests, int greetings) implements LoadProtocol {
    /** A server that sends more lines than this before it is asked doesn't wait for questions. */
    private static final int MOST_GREETINGS = 1_000;

    LineLoad {
        requests = List.copyOf(requests);
    }

    static LineLoad of(List<String> lines, int greetings) {
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("expected at least one line to send");
        }
        return new LineLoad(lines.stream().map(LineLoad::segment).toList(), greetings);
    }

    private static MemorySegment segment(String line) {
        byte[] bytes = (line + '\n').getBytes(StandardCharsets.UTF_8);
        return Arena.ofAuto().allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
    }

    static LineLoad learnt(List<String> lines, InetSocketAddress server, Duration greeting) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server);
            socket.setSoTimeout(Math.max(1, (int) greeting.toMillis()));
            int greetings = 0;
            InputStream input = socket.getInputStream();
            try {
                for (int octet = input.read(); octet >= 0; octet = input.read()) {
                    greetings += octet == '\n' ? 1 : 0;
                    if (greetings > MOST_GREETINGS) {
                        throw new IOException("expected a server that waits for lines but it sends more than "
                                + MOST_GREETINGS + " without being asked");
                    }
                }
            } catch (SocketTimeoutException e) {
                return of(lines, greetings);
            }
            throw new IOException("expected the server to wait for a line but it has closed the connection");
        }
    }

    @Override
    public Reply reply() {
        return new LineReply(greetings);
    }

    /** Counts line feeds. */
    private static final class LineReply implements Reply {
        private final int greetings;
        private int missing;

        LineReply(int greetings) {
            this.greetings = greetings;
        }

        @Override
        public boolean isGreeted() {
            missing = greetings;
            return greetings > 0;
        }

        @Override
        public void begin() {
            missing = 1;
        }

        @Override
        public int take(byte[] bytes, int from, int to) {
            int at = from;
            while (at < to && missing > 0) {
                missing -= bytes[at] == '\n' ? 1 : 0;
                at++;
            }
            return at;
        }

        @Override
        public boolean isComplete() {
            return missing == 0;
        }

        @Override
        public boolean end() {
            return false;
        }

        @Override
        public int status() {
            return 0;
        }

        @Override
        public boolean isLast() {
            return false;
        }
    }
}
