package dev.thrum.bench;

import dev.thrum.measure.ProcText;
import dev.thrum.measure.ResourceUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One run of a program, from its start to its end.
 *
 * @param cpu its CPU time with that of its children, in seconds
 * @param elapsed the time it took, in seconds
 * @param peak its largest resident set in bytes, as last seen
 * @param status its exit status
 * @param output what it wrote to the standard output
 * @param errors what it wrote to the standard error
 */
record ProgramRun(double cpu, double elapsed, long peak, int status, List<String> output, List<String> errors) {
    private static final double NANOS = 1e9;
    private static final long LOOK_MILLIS = 10;

    ProgramRun {
        output = List.copyOf(output);
        errors = List.copyOf(errors);
    }

    /**
     * Runs a program to its end.
     *
     * <p>Its CPU time is what the ended children of this JVM have used in the meantime, so no other child may end during that.
     *
     * @param folder where its output is kept for as long as it runs
     * @throws IOException if it can't be started, or hasn't ended by then
     */
    static ProgramRun of(List<String> command, Map<String, String> variables, Path folder, Duration patience)
            throws IOException, InterruptedException {
        Path output = folder.resolve("stdout");
        Path errors = folder.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().putAll(variables);
        long cpu = ResourceUsage.cpuNanosOfEndedChildren();
        long begun = System.nanoTime();
        Process process = builder.start();
        long peak = 0;
        try {
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                peak = Math.max(peak, peak(process.pid()));
                if (System.nanoTime() - begun > patience.toNanos()) {
                    throw new IOException("expected " + command.getFirst() + " to end within " + patience.toSeconds()
                            + " s but it runs on: " + Files.readString(errors));
                }
            }
        } finally {
            process.destroyForcibly();
        }
        return new ProgramRun(
                (ResourceUsage.cpuNanosOfEndedChildren() - cpu) / NANOS,
                (System.nanoTime() - begun) / NANOS,
                peak,
                process.exitValue(),
                Files.readAllLines(output),
                Files.readAllLines(errors));
    }

    /** This run, if it has ended with status 0. */
    ProgramRun succeeded(String name) throws IOException {
        if (status != 0) {
            throw new IOException("expected " + name + " to end with status 0 but it was " + status + ": "
                    + String.join(" / ", errors));
        }
        return this;
    }

    private static long peak(long pid) throws IOException {
        try {
            return ProcText.peak(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
