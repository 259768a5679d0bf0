package dev.thrum.pipeline;

import java.util.List;

/**
 * What a pipeline has done, when it has ended.
 *
 * @param isComplete whether all items are done or dead letters; false if the pipeline was stopped or closed before
 * @param stages the final numbers of each stage, in the order of definition
 * @param deadLetters the first 1,000 dead letters; none if a listener received them
 * @param deadLetterCount the number of all dead letters
 */
public record PipelineResult(
        boolean isComplete, List<StageProgress> stages, List<DeadLetter<?>> deadLetters, long deadLetterCount) {
    public PipelineResult {
        stages = List.copyOf(stages);
        deadLetters = List.copyOf(deadLetters);
    }

    /** The final numbers of a stage. */
    public StageProgress stage(StageName<?> name) {
        return stages.stream()
                .filter(stage -> stage.name().equals(name.name()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected a stage of this pipeline but was " + name));
    }
}
