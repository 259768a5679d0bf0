package dev.thrum.http.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Program;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An {@link OpenFilePool} under every schedule: no channel stays open for ever, and none is given to two threads. */
class OpenFilePoolSchedulesTest {
    abstract static class OnPool implements Program {
        final AtomicInteger room = new AtomicInteger(1);
        final OpenFilePool pool = new OpenFilePool(room);
        final FileChannel first = new NoFile();
        final FileChannel second = new NoFile();

        final int open() {
            return (first.isOpen() ? 1 : 0) + (second.isOpen() ? 1 : 0);
        }
    }

    static final class GiveAgainstRetire extends OnPool {
        @Override
        public List<Actor> actors() {
            return List.of(() -> pool.give(first), pool::retire);
        }

        @Override
        public void invariant() {
            assertThat(first.isOpen()).isFalse();
            assertThat(room).hasValue(1);
        }
    }

    /** One of the two finds room. */
    static final class GiveAgainstGive extends OnPool {
        @Override
        public List<Actor> actors() {
            return List.of(() -> pool.give(first), () -> pool.give(second));
        }

        @Override
        public void invariant() {
            assertThat(open()).isOne();
            assertThat(room).hasValue(0);
        }
    }

    /** A channel that a response has is closed by nobody else. */
    static final class TakeAgainstRetire extends OnPool {
        TakeAgainstRetire() {
            try {
                pool.give(first);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::respond, this::respond, pool::retire);
        }

        private void respond() throws IOException {
            FileChannel channel = pool.take();
            if (channel != null) {
                assertThat(channel.isOpen()).isTrue();
                pool.give(channel);
            }
        }

        @Override
        public void invariant() {
            assertThat(first.isOpen()).isFalse();
            assertThat(room).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {GiveAgainstRetire.class, GiveAgainstGive.class, TakeAgainstRetire.class})
    void channels_areKeptOrClosed(Class<? extends Program> program) {
        ExplorationReport report = Explorer.of(program).check();

        assertThat(report.exhausted()).isTrue();
        assertThat(report.schedules()).isGreaterThan(1);
    }

    /** A channel that can only be closed. */
    private static final class NoFile extends FileChannel {
        @Override
        protected void implCloseChannel() {}

        @Override
        public int read(ByteBuffer target) {
            throw none();
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) {
            throw none();
        }

        @Override
        public int read(ByteBuffer target, long position) {
            throw none();
        }

        @Override
        public int write(ByteBuffer source) {
            throw none();
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            throw none();
        }

        @Override
        public int write(ByteBuffer source, long position) {
            throw none();
        }

        @Override
        public long position() {
            throw none();
        }

        @Override
        public FileChannel position(long position) {
            throw none();
        }

        @Override
        public long size() {
            throw none();
        }

        @Override
        public FileChannel truncate(long size) {
            throw none();
        }

        @Override
        public void force(boolean metaData) {
            throw none();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw none();
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw none();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw none();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw none();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw none();
        }

        private static UnsupportedOperationException none() {
            return new UnsupportedOperationException("expected a channel only to be closed");
        }
    }
}
