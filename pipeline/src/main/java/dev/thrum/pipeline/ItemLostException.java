package dev.thrum.pipeline;

/**
 * The item that a function works on no longer belongs to this process: it was out of touch with the broker for too long,
 * and another process has the item now. What the function would do from here on, the other does.
 */
public final class ItemLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ItemLostException(String message) {
        super(message);
    }
}
