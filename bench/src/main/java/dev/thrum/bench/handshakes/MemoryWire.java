package dev.thrum.bench.handshakes;

import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The wire of a server whose client runs on the same thread, whenever the server waits for it. Where a server on an engine would
 * let other connections go on, a step ends here.
 */
final class MemoryWire implements Wire {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    private final ClientSide client;
    private final Steps steps;

    MemoryWire(ClientSide client, Steps steps) {
        this.client = client;
        this.steps = steps;
    }

    @Override
    public InetSocketAddress peer() {
        return ADDRESS;
    }

    @Override
    public InetSocketAddress local() {
        return ADDRESS;
    }

    @Override
    public int read(byte[] target, int offset, int length, long deadline) throws IOException {
        steps.end();
        int count = client.answer(target, offset, length);
        if (count == 0) {
            throw new IOException("expected the client to send something but it has nothing to say");
        }
        steps.begin();
        return count;
    }

    @Override
    public int write(byte[] source, int offset, int length, long deadline) {
        client.take(source, offset, length);
        return length;
    }

    @Override
    public boolean awaitInput(Duration patience, BooleanSupplier woken) {
        return true;
    }

    @Override
    public void wake() {}

    @Override
    public int available() {
        return 0;
    }

    @Override
    public boolean isQuiet() {
        return true;
    }

    @Override
    public boolean hasEnded() {
        return false;
    }

    @Override
    public long transfer(FileChannel source, long position, long count, long deadline) {
        throw new UnsupportedOperationException("expected a handshake, which sends no files");
    }

    @Override
    public void shutdownOutput() {}

    @Override
    public void finish(byte[] lastWords) {}

    @Override
    public void expireRead() {}

    @Override
    public void reset() {}
}
