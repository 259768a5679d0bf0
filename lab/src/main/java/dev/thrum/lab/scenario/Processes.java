package dev.thrum.lab.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.function.Consumer;

/** The cost of threads and processes: to start and end one, its memory, and a message with its reply. */
final class Processes implements Measurement {
    private static final int STARTS = 200;
    private static final int STARTS_OF_JVMS = 5;
    private static final int MANY = 1_000;
    private static final int MESSAGES = 2_000;
    private static final double MICROS = 1e3;

    private static final List<String> ECHO = List.of("cat");
    private static final List<String> JVM =
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx32m", "-version");

    /** Something that is done many times. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    @Override
    public void run(Consumer<String> lines) throws IOException, InterruptedException {
        Thread.Builder virtual = Thread.ofVirtual();
        Thread.Builder platform = Thread.ofPlatform().daemon();
        lines.accept("                   start and end      memory   message and reply");
        lines.accept(row("virtual thread", median(STARTS, () -> end(virtual)), heapOf(virtual), messages(virtual)));
        lines.accept(row("platform thread", median(STARTS, () -> end(platform)), rssOf(platform), messages(platform)));
        Process echo;
        try {
            echo = new ProcessBuilder(ECHO).start();
        } catch (IOException e) {
            lines.accept("not measured: processes, because there is no program " + ECHO.getFirst() + " here");
            return;
        }
        try {
            lines.accept(row("process", median(STARTS, () -> end(ECHO)), rss(echo.pid()), messages(echo)));
        } finally {
            echo.destroy();
        }
        lines.accept(row("process with a JVM", median(STARTS_OF_JVMS, () -> end(JVM)), "-", "-"));
        if (!hasProc()) {
            lines.accept("not measured: memory of platform threads and processes, because this system has no /proc");
        }
    }

    private static String row(String what, String start, String memory, String message) {
        return "%-18s %13s %11s %20s".formatted(what, start, memory, message);
    }

    private static void end(Thread.Builder builder) throws InterruptedException {
        builder.start(() -> {}).join();
    }

    private static void end(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        process.waitFor();
    }

    /** The median time of one step. */
    private static String median(int times, Step step) throws IOException, InterruptedException {
        long[] nanos = new long[times];
        for (int i = 0; i < times; i++) {
            long begin = System.nanoTime();
            step.run();
            nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        return "%,.0f µs".formatted(nanos[times / 2] / MICROS);
    }

    /** What a waiting virtual thread adds to the heap. */
    private static String heapOf(Thread.Builder builder) throws InterruptedException {
        long before = usedHeap();
        long[] after = new long[1];
        withWaiting(builder, () -> after[0] = usedHeap());
        return kilobytes((after[0] - before) / MANY);
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** What a waiting platform thread adds to the memory of the process. */
    private static String rssOf(Thread.Builder builder) throws IOException, InterruptedException {
        if (!hasProc()) {
            return "-";
        }
        long self = ProcessHandle.current().pid();
        long before = residentKilobytes(self);
        long[] after = new long[1];
        withWaiting(builder, () -> after[0] = residentKilobytes(self));
        return "%,d KB".formatted(Math.max(0, (after[0] - before) / MANY));
    }

    private static void withWaiting(Thread.Builder builder, Step measure) throws InterruptedException {
        CountDownLatch running = new CountDownLatch(MANY);
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                threads.add(builder.start(() -> {
                    running.countDown();
                    awaitUninterruptibly(end);
                }));
            }
            running.await();
            measure.run();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            end.countDown();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String messages(Thread.Builder builder) throws IOException, InterruptedException {
        SynchronousQueue<Integer> there = new SynchronousQueue<>();
        SynchronousQueue<Integer> back = new SynchronousQueue<>();
        Thread other = builder.start(() -> {
            try {
                for (int i = 0; i < MESSAGES; i++) {
                    back.put(there.take());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        String time = median(MESSAGES, () -> {
            there.put(1);
            back.take();
        });
        other.join();
        return time;
    }

    private static String messages(Process echo) throws IOException, InterruptedException {
        return median(MESSAGES, () -> {
            echo.getOutputStream().write(1);
            echo.getOutputStream().flush();
            echo.getInputStream().read();
        });
    }

    private static boolean hasProc() {
        return Files.isReadable(Path.of("/proc/self/status"));
    }

    private static String rss(long pid) throws IOException {
        return hasProc() ? "%,d KB".formatted(residentKilobytes(pid)) : "-";
    }

    /** The memory of a process that is in RAM, from proc(5). */
    private static long residentKilobytes(long pid) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        }
    }

    private static String kilobytes(long bytes) {
        return "%,.1f KB".formatted(bytes / 1024.0);
    }
}
