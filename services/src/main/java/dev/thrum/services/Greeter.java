package dev.thrum.services;

import dev.thrum.base.AddressText;
import dev.thrum.base.Printable;
import dev.thrum.engine.ByteReader;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The greeter service, for clients that send no terminator: the bytes that one read returns are one message.
 *
 * <p>A conversation belongs to one client; its fields are owned by the handler's thread.
 */
public final class Greeter {
    /** Maximum number of bytes of a message. */
    static final int MAX_MESSAGE = 5_120;

    private static final String QUIT = "--QUIT--";

    private static final System.Logger LOG = System.getLogger("dev.thrum.lines");
    private static final int MOST_LOGGED = 200;

    private final ByteReader reader;
    private final byte[] buffer = new byte[MAX_MESSAGE];
    private final boolean logged = LOG.isLoggable(Level.TRACE);

    /** Bytes at the start of the buffer that arrived before: an incomplete UTF-8 sequence. */
    private int held;

    private Greeter(Connection connection) {
        this.reader = connection.reader();
    }

    /**
     * A greeter.
     *
     * @param results gets each greeting
     * @param warnings gets a warning when a message was cut
     */
    public static ConnectionHandler handler(Consumer<String> results, Consumer<String> warnings) {
        return connection -> new Greeter(connection).converse(connection, results, warnings);
    }

    private void converse(Connection connection, Consumer<String> results, Consumer<String> warnings)
            throws IOException {
        boolean more = true;
        while (more) {
            int count = reader.readAvailable(buffer, held, MAX_MESSAGE - held);
            more = count >= 0;
            int end = held + Math.max(0, count);
            if (end == MAX_MESSAGE && reader.available() > 0) {
                warnings.accept("connection " + connection.number() + " from " + AddressText.of(connection.peer())
                        + " sent more than " + MAX_MESSAGE + " bytes at once: the rest is its next message");
            }
            int whole = more ? end - incompleteTail(end) : end;
            if (whole > 0) {
                String received = new String(buffer, 0, whole, StandardCharsets.UTF_8);
                if (logged) {
                    LOG.log(
                            Level.TRACE,
                            "connection " + connection.number() + ": received "
                                    + Printable.excerpt(received, MOST_LOGGED));
                }
                String message = received.strip().toUpperCase(Locale.ROOT);
                results.accept("Hello " + message);
                if (message.contains(QUIT)) {
                    return;
                }
                connection.writer().write('-');
            }
            held = end - whole;
            System.arraycopy(buffer, whole, buffer, 0, held);
        }
    }

    /**
     * Number of bytes before {@code end} that begin a UTF-8 sequence that more bytes could complete (RFC 3629, section
     * 4). Bytes that can't become valid UTF-8 are not kept back.
     */
    private int incompleteTail(int end) {
        for (int back = 1; back <= Math.min(3, end); back++) {
            int octet = buffer[end - back] & 0xff;
            if (octet >= 0xc0) {
                return back < lengthOf(octet) && (back == 1 || mayFollow(octet, buffer[end - back + 1] & 0xff))
                        ? back
                        : 0;
            }
            if (octet < 0x80) {
                return 0;
            }
        }
        return 0;
    }

    private static int lengthOf(int lead) {
        if (lead < 0xc2 || lead > 0xf4) {
            return 0;
        }
        return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    }

    /** No overlong forms, no surrogates, nothing above U+10FFFF. */
    private static boolean mayFollow(int lead, int second) {
        return switch (lead) {
            case 0xe0 -> second >= 0xa0;
            case 0xed -> second < 0xa0;
            case 0xf0 -> second >= 0x90;
            case 0xf4 -> second < 0x90;
            default -> true;
        };
    }
}
