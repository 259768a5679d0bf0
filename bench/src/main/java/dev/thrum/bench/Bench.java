package dev.thrum.bench;

import java.nio.file.Path;

/** {@code thrum bench NAME}: runs one measurement and prints its figures as a row of docs/benchmarks.md. */
final class Bench {
    private static final int USAGE = 2;

    private Bench() {}

    /** Arguments: the launcher to start servers with, and the name of a measurement. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 2) {
            Path thrum = Path.of(arguments[0]);
            switch (arguments[1]) {
                case "start" -> {
                    new StartUp(thrum).run();
                    return;
                }
                case "idle" -> {
                    new IdleConnections(thrum).run();
                    return;
                }
                default -> {}
            }
        }
        System.err.println("expected a measurement, start or idle: ./thrum bench start");
        System.exit(USAGE);
    }
}
