package dev.thrum.lab.scenario;

import java.io.IOException;
import java.util.function.Consumer;

/** A scenario without a hazard, which measures this machine. */
@FunctionalInterface
public interface Measurement {
    /**
     * Measures; takes some seconds.
     *
     * @param lines takes the result line by line, and what could not be measured, with the reason
     * @throws IOException if another program can't be started
     */
    void run(Consumer<String> lines) throws IOException, InterruptedException;
}
