package dev.thrum.app.crawl;

/** The failure of one attempt, without a stack: the reason is all there is to report. */
final class AttemptFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean mayPass;

    AttemptFailedException(String reason, boolean mayPass) {
        super(reason, null, false, false);
        this.mayPass = mayPass;
    }

    /** Whether another attempt may succeed. */
    boolean mayPass() {
        return mayPass;
    }
}
