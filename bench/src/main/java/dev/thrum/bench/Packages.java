package dev.thrum.bench;

import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.tables.Side;
import dev.thrum.measure.Pinning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts {@code thrum serve} processes, of this checkout and of an earlier package, on the servers' core.
 *
 * <p>Each side has the flags and services that its users get, so a comparison depends on nothing of the earlier commit
 * except its command line.
 *
 * @param thrum the launcher of this checkout
 * @param baseline the folder of the earlier package
 * @param pinning the cores they run on
 * @param folder where their data is
 */
record Packages(Path thrum, Path baseline, Pinning pinning, ScratchFolder folder) {
    /** A server that is running. */
    record Served(String engine, Side side, ServerProcess process) {
        Meter.Target target(Exchange exchange) {
            return new Meter.Target(side.of(engine), process.port(service(exchange)), process.pid());
        }

        private static String service(Exchange exchange) {
            return switch (exchange) {
                case CONSOLE_LINE -> "console";
                case ECHO_LINE -> "echo";
                default -> "web";
            };
        }
    }

    /** Starts one with these flags, and with room for this many connections, all from the same client. */
    Served start(String engine, Side side, int places, List<String> flags) throws IOException {
        List<String> words = new ArrayList<>(pinning.server());
        words.add((side == Side.NOW ? thrum.toAbsolutePath() : baseline.resolve("thrum")).toString());
        List<String> all = new ArrayList<>(flags);
        String number = Integer.toString(places);
        all.addAll(List.of("--max-connections", number, "--max-per-peer", number));
        Path data = folder.resolve(engine + "-" + side.word());
        return new Served(engine, side, ServerProcess.start(words, List.of(), data, all.toArray(String[]::new)));
    }
}
