package dev.thrum.bench.stages;

import dev.thrum.pipeline.Item;
import dev.thrum.pipeline.Pipeline;
import dev.thrum.pipeline.PipelineBuilder;
import dev.thrum.pipeline.PipelineResult;
import dev.thrum.pipeline.StageName;
import dev.thrum.pipeline.StageOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The same stages as a pipeline. */
final class PipelineStages {
    /** The items that all sides pass on, made before the measurement. */
    private static final List<Item<String>> ITEMS = IntStream.range(0, Stages.KEYS)
            .mapToObj(key -> Item.of("item-" + key, "key-" + key, "value"))
            .toList();

    private final Stages manner;
    private final int workers;

    PipelineStages(Stages manner, int workers) {
        this.manner = manner;
        this.workers = workers;
    }

    static Item<String> item(int number) {
        return ITEMS.get(number % Stages.KEYS);
    }

    void run(int items) throws InterruptedException {
        List<StageName<String>> names = new ArrayList<>();
        for (int i = 0; i < Stages.COUNT; i++) {
            names.add(StageName.of("stage-" + i, String.class));
        }
        PipelineBuilder definition = Pipeline.named("bench");
        for (int i = 0; i + 1 < Stages.COUNT; i++) {
            StageName<String> next = names.get(i + 1);
            definition.stage(names.get(i), options().sendsTo(next), (item, run) -> run.emit(next, item));
        }
        definition.stage(names.getLast(), options(), (item, run) -> {});
        try (Pipeline pipeline = definition.start()) {
            for (int i = 0; i < items; i++) {
                pipeline.put(names.getFirst(), item(i));
            }
            pipeline.noMoreInput();
            requireDone(pipeline.join(), names.getLast(), items);
        }
    }

    private StageOptions options() {
        StageOptions options = StageOptions.workers(workers).capacity(Stages.CAPACITY);
        return switch (manner) {
            case VIRTUAL -> options.virtual();
            case KEYED -> options.perKey(1);
            case BARE, PIPELINE -> options;
        };
    }

    private static void requireDone(PipelineResult result, StageName<String> last, int items) {
        if (!result.isComplete() || result.stage(last).done() != items) {
            throw new IllegalStateException("expected " + items + " items to be done but was " + result);
        }
    }
}
