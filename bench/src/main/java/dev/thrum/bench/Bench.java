package dev.thrum.bench;

import dev.thrum.bench.options.BaselineOptions;
import dev.thrum.bench.options.ContestOptions;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.options.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** {@code thrum bench NAME}: runs one measurement and prints tables for docs/benchmarks.md. */
final class Bench {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    /** The measurements that use epoll and {@code /proc}. */
    private static final Set<String> LINUX = Set.of(
            "lines",
            "http",
            "push",
            "outgoing",
            "client",
            "tls",
            "log",
            "lines-idle",
            "rest",
            "store",
            "files",
            "count",
            "fetch",
            "mine",
            "crawl",
            "scale",
            "load",
            "explore",
            "lab");

    private Bench() {}

    /** Arguments: the launcher to start servers with, the name of a measurement, and its options. */
    public static void main(String[] arguments) throws Exception {
        try {
            run(Path.of(arguments[0]), Arrays.asList(arguments).subList(1, arguments.length));
        } catch (UsageException e) {
            end(e, USAGE);
        } catch (IOException e) {
            end(e, FAILED);
        }
    }

    private static void run(Path thrum, List<String> words) throws Exception {
        String name = words.isEmpty() ? "" : words.getFirst();
        List<String> options = words.subList(Math.min(1, words.size()), words.size());
        if (LINUX.contains(name)) {
            linux();
        }
        switch (name) {
            case "start" -> new StartUp(thrum, System.out).run(options);
            case "idle" -> {
                none(options);
                new IdleConnections(thrum).run();
            }
            case "lines" -> speed(Protocol.LINES, ContestOptions.lines(), thrum, options);
            case "http" -> speed(Protocol.HTTP, ContestOptions.http(), thrum, options);
            case "push" -> new SpeedBench(ContestOptions.push(), thrum, System.out).run(options);
            case "outgoing" -> new OutgoingBench(thrum, System.out).run(options);
            case "client" -> new ClientBench(thrum, System.out).run(options);
            case "tls" -> new TlsBench(thrum, System.out).run(options);
            case "log" -> new SpeedBench(ContestOptions.log(), thrum, System.out).run(options);
            case "lines-idle" -> new LineIdleBench(thrum, System.out).run(options);
            case "rest" -> new RestBench(thrum, System.out).run(options);
            case "store" -> new StoreBench(thrum, System.out).run(options);
            case "files" -> new FilesBench(thrum, System.out).run(options);
            case "count" -> new CountBench(thrum, System.out).run(options);
            case "fetch" -> new FetchBench(thrum, System.out).run(options);
            case "mine" -> new MineBench(thrum, System.out).run(options);
            case "crawl" -> new CrawlBench(thrum, System.out).run(options);
            case "scale" -> new ScaleBench(thrum, System.out).run(options);
            case "load" -> new LoadBench(thrum, System.out).run(options);
            case "explore" -> new ExploreBench(thrum, System.out).run(options);
            case "lab" -> new LabBench(thrum, System.out).run(options);
            case "pipeline" -> new PipelineBench(thrum, System.out).run(options);
            case "listings" -> {
                none(options);
                new ListingsBench(thrum, System.out).run();
            }
            default ->
                throw new UsageException(
                        "expected a measurement, start, idle, lines, lines-idle, rest, http, push, outgoing,"
                                + " client, tls, store, log, files, count, fetch, mine, crawl, scale, load, explore, lab, pipeline or listings:"
                                + " ./thrum bench start");
        }
    }

    private static void speed(Protocol protocol, ContestOptions defaults, Path thrum, List<String> options)
            throws IOException, InterruptedException {
        if (options.contains(BaselineOptions.FLAG)) {
            new BaselineBench(thrum, System.out).run(protocol, options);
        } else {
            new SpeedBench(defaults, thrum, System.out).run(options);
        }
    }

    private static void none(List<String> options) {
        if (!options.isEmpty()) {
            throw new UsageException("expected no options but was given " + String.join(" ", options));
        }
    }

    private static void linux() {
        String system = System.getProperty("os.name");
        if (!system.equals("Linux")) {
            throw new UsageException("expected Linux (this measurement uses epoll and /proc) but this is " + system);
        }
    }

    private static void end(Exception e, int status) {
        System.err.println(e.getMessage());
        System.exit(status);
    }
}
