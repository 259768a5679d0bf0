package dev.thrum.measure.compare.run;

import dev.thrum.measure.Child;
import dev.thrum.measure.CoreSplit;
import dev.thrum.measure.CpuClock;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A server of an arm, in a process of its own. Used by one thread; {@link #close} by any. */
final class ArmProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final String READY = "ready ";

    private final Child child;
    private final CpuClock cpu;
    private final int port;

    /**
     * What it has used until an instant.
     *
     * @param cpu CPU time in nanoseconds
     * @param account the rest
     */
    record Used(long cpu, ArmServer.Account account) {}

    /**
     * Its memory after a garbage collection, in bytes.
     *
     * @param heap the live objects
     * @param rest what it takes from the system besides its heap, which is resident as a whole
     */
    record Memory(long heap, long rest) {
        long all() {
            return heap + rest;
        }
    }

    private ArmProcess(Child child, int port) {
        this.child = child;
        this.port = port;
        cpu = new CpuClock(child.pid());
    }

    /** Starts one; what it prints as errors goes to the file. */
    static ArmProcess start(Entrant entrant, CoreSplit cores, List<String> flags, Path errors)
            throws IOException, InterruptedException {
        Child child =
                Child.start(entrant.arm().name(), cores.server(), flags, entrant.main(), Redirect.to(errors.toFile()));
        try {
            String answer = child.answer(START);
            if (!answer.startsWith(READY)) {
                throw new IOException(entrant.arm().name() + ": expected a line \"ready PORT\" but was " + answer);
            }
            return new ArmProcess(child, Integer.parseInt(answer.substring(READY.length())));
        } catch (IOException e) {
            child.close();
            throw new IOException(e.getMessage() + said(errors), e);
        } catch (InterruptedException | RuntimeException e) {
            child.close();
            throw e;
        }
    }

    /** The first error that a process has printed, for a message. */
    private static String said(Path errors) throws IOException {
        List<String> lines = Files.readAllLines(errors);
        return lines.isEmpty() ? "" : "; it said: " + lines.getFirst();
    }

    int port() {
        return port;
    }

    Used used() throws IOException, InterruptedException {
        long nanos = cpu.nanosIfRunning().orElseThrow(() -> new IOException("the server's process has ended"));
        return new Used(nanos, ask("account", ArmServer.Account.class));
    }

    Memory memory() throws IOException, InterruptedException {
        ArmServer.Heap heap = ask("memory", ArmServer.Heap.class);
        return new Memory(heap.used(), Math.max(0, child.resident() - heap.committed()));
    }

    private <T> T ask(String command, Class<T> type) throws IOException, InterruptedException {
        return ChildAnswer.read(child.ask(command, ANSWER), type);
    }

    @Override
    public void close() {
        child.close();
    }
}
