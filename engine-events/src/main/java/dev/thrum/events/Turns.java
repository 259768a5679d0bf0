package dev.thrum.events;

/**
 * The turns of one connection's owners on their loop: a peer so fast that its owner never waits would keep the loop to
 * itself, so the owner yields from time to time. Each half is owned by its owner.
 */
final class Turns {
    /** The number of consecutive calls that move bytes before the other connections of the loop have their turn. */
    private static final int MOST = 16;

    private final SocketCalls calls;
    private int readsInARow;
    private int writesInARow;

    Turns(SocketCalls calls) {
        this.calls = calls;
    }

    void countRead() {
        if (++readsInARow >= MOST) {
            readsInARow = 0;
            yieldLoop();
        }
    }

    void waitForInput() {
        readsInARow = 0;
    }

    void countWrite() {
        if (++writesInARow >= MOST) {
            writesInARow = 0;
            yieldLoop();
        }
    }

    void waitForOutput() {
        writesInARow = 0;
    }

    @SuppressWarnings("ThreadPriorityCheck") // The scheduler is ours.
    private void yieldLoop() {
        if (calls.isHome()) {
            Thread.yield();
        }
    }
}
