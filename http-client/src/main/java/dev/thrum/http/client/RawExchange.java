package dev.thrum.http.client;

import java.io.IOException;

/**
 * Receives the bytes of one exchange as they are sent and received, for example for an archive. Set by {@link
 * ClientRequest#withRaw}.
 *
 * <p>Called by the thread that sends the request and reads its response, before that thread sees the bytes. An exception
 * ends the exchange: it is thrown to the caller of {@link HttpClient#send} or of the read, and the connection is reset.
 */
public interface RawExchange {
    /**
     * The head of the request is about to be sent, with the empty line after it. Called once more if the request is sent
     * again, on another connection.
     */
    default void request(byte[] head) throws IOException {}

    /**
     * The head of the response has arrived: this is its status line and its fields with all line ends, and the empty
     * line after them. Interim responses (1xx) are left out. Called at most once.
     */
    void head(byte[] bytes) throws IOException;

    /**
     * A part of the body of the response has arrived, before decoding: with the sizes of its chunks and with its
     * trailer fields, if it has any. Called any number of times, after {@link #head}; not for what the client discards
     * after the response was closed.
     *
     * @param bytes an array that is only lent; the part is {@code length} bytes from {@code offset} on
     */
    void body(byte[] bytes, int offset, int length) throws IOException;
}
