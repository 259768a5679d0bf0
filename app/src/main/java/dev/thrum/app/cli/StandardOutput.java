package dev.thrum.app.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/** The standard output, which keeps the reason of a failed write: a {@link PrintWriter} only keeps that one failed. */
public final class StandardOutput extends OutputStream {
    /** The status with which a shell reports a command that was ended by SIGPIPE. */
    private static final int BROKEN_PIPE = 141;

    private final OutputStream out;

    /** The first failure, on any thread that prints. */
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
     * The exit status of the program: that of the command, unless its output could not be written completely. A reader
     * that has closed the pipe, such as head, has read what it wanted, so there is no message then.
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
        err.println("thrum: expected to write all output to the standard output but it failed: " + reason
                + "; free some space there, or send it elsewhere");
        err.flush();
        return ofCommand == ExitCode.OK ? ExitCode.SOFTWARE : ofCommand;
    }
}
