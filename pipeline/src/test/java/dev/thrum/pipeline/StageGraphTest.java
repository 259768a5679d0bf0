package dev.thrum.pipeline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Clock;
import org.junit.jupiter.api.Test;

class StageGraphTest {
    private static final StageName<String> A = StageName.of("a", String.class);
    private static final StageName<String> B = StageName.of("b", String.class);
    private static final StageName<String> C = StageName.of("c", String.class);

    private static StageOptions to(StageName<?>... stages) {
        return StageOptions.workers(1).sendsTo(stages);
    }

    private static void start(PipelineBuilder definition) {
        definition.start().close();
    }

    private static PipelineBuilder define(StageOptions a, StageOptions b, StageOptions c) {
        return Pipeline.named("graph")
                .stage(A, a, (item, run) -> {})
                .stage(B, b, (item, run) -> {})
                .stage(C, c, (item, run) -> {});
    }

    @Test
    void cycleOfBoundedQueues_always_isRefusedWithARemedy() {
        assertThatThrownBy(() -> start(define(to(B), to(C), to(A))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a -> b -> c -> a")
                .hasMessageContaining("give a a StageOptions.backlog");
    }

    @Test
    void stageThatSendsToItself_withoutABacklog_isRefused() {
        assertThatThrownBy(() -> start(define(to(B), to(B), to())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("b -> b")
                .hasMessageContaining("give b ");
    }

    @Test
    void innerCycle_withoutABacklog_isRefused_althoughTheOuterHasOne() {
        assertThatThrownBy(() -> start(define(to(B).backlog(10), to(C), to(A, B))))
                .hasMessageContaining("b -> c -> b");
    }

    @Test
    void cycle_withABacklog_isAccepted() {
        assertThatCode(() -> start(define(to(B).backlog(10), to(C), to(A)))).doesNotThrowAnyException();
        assertThatCode(() -> start(define(to(A).backlog(10), to(), to()))).doesNotThrowAnyException();
    }

    /** A backlog takes only what is sent backwards: further down the same cycle, it doesn't help. */
    @Test
    void cycle_withABacklogWhereNothingIsSentBackwards_isRefused() {
        assertThatThrownBy(() -> start(define(to(B), to(C).backlog(10), to(A))))
                .hasMessageContaining("a -> b -> c -> a");
    }

    @Test
    void cycle_withAQueueThatNeverWaits_isAccepted() {
        PipelineQueue<String> frontier = PipelineQueue.growing(10, Clock.system());
        assertThatCode(() -> start(Pipeline.named("graph")
                        .stage(A, to(B), frontier, (item, run) -> {})
                        .stage(B, to(A), (item, run) -> {})))
                .doesNotThrowAnyException();
    }

    @Test
    void diamond_always_isAccepted() {
        assertThatCode(() -> start(define(to(B, C), to(C), to()))).doesNotThrowAnyException();
    }

    @Test
    void stageThatDoesNotExist_always_isRefused() {
        assertThatThrownBy(() -> start(Pipeline.named("graph").stage(A, to(B), (item, run) -> {})))
                .hasMessageContaining(
                        "expected a to send to stages of this pipeline but there is no stage b of String");
        assertThatThrownBy(() -> start(
                        Pipeline.named("graph").stage(A, to(StageName.of("a", Integer.class)), (item, run) -> {})))
                .hasMessageContaining("there is no stage a of Integer");
    }

    @Test
    void twoStagesOfOneName_andNone_areRefused() {
        assertThatThrownBy(() -> start(Pipeline.named("graph")
                        .stage(A, to(), (item, run) -> {})
                        .stage(A, to(), (item, run) -> {})))
                .hasMessageContaining("two are called a");
        assertThatThrownBy(() -> start(Pipeline.named("graph"))).hasMessageContaining("at least one stage");
    }

    @Test
    void backlogOfAStageWithItsOwnQueue_always_isRefused() {
        assertThatThrownBy(() -> Pipeline.named("graph")
                        .stage(A, to().backlog(5), PipelineQueue.bounded(1, Clock.system()), (item, run) -> {}))
                .hasMessageContaining("expected no backlog for a");
    }
}
