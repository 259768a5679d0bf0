package dev.thrum.bench.stages;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The ways to pass items through stages that do nothing with them. */
public enum Stages {
    /** Threads that take from an {@link java.util.concurrent.ArrayBlockingQueue} and put into the next one. */
    BARE,

    /** A pipeline on platform threads. */
    PIPELINE,

    /** A pipeline on virtual threads. */
    VIRTUAL,

    /** A pipeline whose stages run one item of each of 64 keys at a time. */
    KEYED;

    /** The number of stages. */
    public static final int COUNT = 4;

    /** How many items may wait in each queue: what a pipeline has by default. */
    public static final int CAPACITY = 256;

    static final int KEYS = 64;

    /** Its name. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Stages named(String word) {
        return Arrays.stream(values())
                .filter(stages -> stages.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected one of "
                        + Arrays.stream(values()).map(Stages::word).collect(Collectors.joining(", ")) + " but was "
                        + word));
    }

    /** Passes this many items through all stages, with this many workers in each, and waits until they are done. */
    void run(int items, int workers) throws InterruptedException {
        switch (this) {
            case BARE -> new BareStages(workers).run(items);
            case PIPELINE, VIRTUAL, KEYED -> new PipelineStages(this, workers).run(items);
        }
    }
}
