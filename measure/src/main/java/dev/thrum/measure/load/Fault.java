package dev.thrum.measure.load;

/** Why there is no response to a request, or not the right one. A timeout is no fault: it has a latency. */
enum Fault {
    CLOSED("closed before the response"),
    RESET("reset"),
    MALFORMED("malformed response"),
    SURPLUS("bytes after the response");

    private final String text;

    Fault(String text) {
        this.text = text;
    }

    /** Its name in results. */
    String text() {
        return text;
    }
}
