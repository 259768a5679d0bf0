package dev.thrum.engine;

import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What is to be done when a conversation ends. Safe for concurrent use. */
final class EndActions {
    /** Those of a conversation that has ended without any. */
    static final EndActions RUN = new EndActions(true);

    private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();

    // Set once, by the thread that ends the conversation; a thread that adds an action adds it first and then reads
    // this.
    private volatile boolean run;

    EndActions() {}

    private EndActions(boolean run) {
        this.run = run;
    }

    /** Adds an action; returns false if it is too late, and then the action does not run. */
    boolean add(Runnable action) {
        if (run) {
            return false;
        }
        actions.add(action);
        return !run || !actions.remove(action);
    }

    void remove(Runnable action) {
        actions.remove(action);
    }

    /** Runs each action once. */
    void run() {
        run = true;
        for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
            try {
                action.run();
            } catch (RuntimeException | Error e) {
                Conversation.LOG.log(Level.ERROR, "an action at the end of a connection failed", e);
            }
        }
    }
}
