package dev.thrum.pipeline;

import dev.thrum.base.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Stages joined by queues. */
public final class Pipeline implements AutoCloseable {
    private Pipeline() {}

    /** Begins the definition of a pipeline; its name is part of its threads' names. */
    public static Builder named(String name) {
        return new Builder();
    }

    /** The definition of a pipeline. */
    public static final class Builder {
        private Builder() {}

        public <T> Builder stage(StageName<T> name, StageOptions options, StageFunction<T> function) {
            return this;
        }

        public <T> Builder stage(
                StageName<T> name, StageOptions options, PipelineQueue<T> queue, StageFunction<T> function) {
            return this;
        }

        public Builder deadLetters(Consumer<? super DeadLetter<?>> listener) {
            return this;
        }

        public Builder clock(Clock value) {
            return this;
        }

        public Builder random(RandomGenerator generator) {
            return this;
        }

        public Pipeline start() {
            throw new UnsupportedOperationException();
        }
    }

    public <T> void put(StageName<T> to, Item<T> item) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    public void noMoreInput() {
        throw new UnsupportedOperationException();
    }

    public PipelineResult join() throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    public Optional<PipelineResult> join(Duration patience) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    public void pause() {
        throw new UnsupportedOperationException();
    }

    public void resume() {
        throw new UnsupportedOperationException();
    }

    public List<Waiting<?>> stop(Duration patience) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    public List<StageProgress> progress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
