package dev.thrum.events.ring;

import java.io.IOException;

/** A system call that has failed. */
public final class KernelException extends IOException {
    private static final long serialVersionUID = 1;

    private final String call;
    private final int error;

    /**
     * Creates the exception.
     *
     * @param call its name, perhaps with what it was for
     * @param error its error number, positive (errno(3))
     */
    public KernelException(String call, int error) {
        super(call + " failed: " + Kernel.text(error));
        this.call = call;
        this.error = error;
    }

    public String call() {
        return call;
    }

    public int error() {
        return error;
    }

    /** Returns the result of a call of {@link Kernel} that has not failed. */
    public static int check(int result, String call) throws KernelException {
        if (result < 0) {
            throw new KernelException(call, -result);
        }
        return result;
    }
}
