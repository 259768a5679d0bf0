package dev.thrum.measure.load;

/** Words for the failures of connections, which Linux gives as numbers ({@code errno}). */
final class Errno {
    static final int TIMED_OUT = 110;

    /** In place of a number: the server has closed the connection before it was used. */
    static final int CLOSED = -1;

    /** Likewise: the server refused the handshake, or its certificate isn't trusted. */
    static final int TLS = 10_000;

    private Errno() {}

    static String text(int failure) {
        return switch (failure) {
            case CLOSED -> "closed at once";
            case TLS -> "TLS handshake failed (an unknown certificate? see --ca)";
            case 24 -> "no descriptor left (raise ulimit -n)";
            case 99 -> "no local port left";
            case 101 -> "the network does not reach it";
            case 104 -> "reset";
            case TIMED_OUT -> "not within the timeout";
            case 111 -> "refused";
            case 113 -> "the host does not answer";
            default -> "error " + failure + " of the system";
        };
    }
}
