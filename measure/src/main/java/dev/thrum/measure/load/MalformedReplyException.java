package dev.thrum.measure.load;

/** The bytes are no response of the protocol. */
final class MalformedReplyException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedReplyException(String message) {
        super(message);
    }
}
