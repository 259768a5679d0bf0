package dev.thrum.base;

/** Whether this program records, while it runs, what a diagnosis of it needs: held locks, their order, what a request does. */
public final class LiveRecords {
    /** Read once, so that the JIT removes the checks; {@code -Dthrum.diagnosis=false} is for measuring what the records cost. */
    private static final boolean KEPT =
            !System.getProperty("thrum.diagnosis", "").equals("false");

    private LiveRecords() {}

    /**
     * Whether they are kept. Code that a simulation or the explorer has loaded gets {@code false}: there they would be further
     * steps, and a run finds its deadlocks by itself.
     */
    public static boolean areKept() {
        return KEPT;
    }
}
