package dev.thrum.app.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/** The standard output, which keeps why it could not be written: a {@link PrintWriter} only knows whether. */
public final class StandardOutput extends OutputStream {
    /** As a shell reports a command that SIGPIPE has ended. */
    private static final int BROKEN_PIPE = 141;

    private final OutputStream out;

    /** The first fault, of any thread that prints. */
    private volatile @Nullable IOException fault;

    public StandardOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            if (fault == null) {
                fault = e;
            }
            throw e;
        }
    }

    /**
     * The status to end with: that of the command, unless its output is not all written. A reader that has gone, such as
     * head, has what it wanted, so that is no message.
     */
    public int status(int ofCommand, PrintWriter err) {
        IOException cause = fault;
        if (cause == null) {
            return ofCommand;
        }
        String reason = String.valueOf(cause.getMessage());
        if (reason.contains("Broken pipe")) {
            return ofCommand == ExitCode.OK ? BROKEN_PIPE : ofCommand;
        }
        err.println("thrum: expected to write all to the standard output but it failed: " + reason
                + "; free some space there, or send it elsewhere");
        err.flush();
        return ofCommand == ExitCode.OK ? ExitCode.SOFTWARE : ofCommand;
    }
}
