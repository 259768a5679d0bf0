package dev.thrum.tls;

import dev.thrum.base.Clock;
import dev.thrum.engine.spi.SecureWire;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * TLS over any wire, with an {@link SSLEngine} for the records and straight-line code for everything else.
 *
 * <p>The two halves share nothing but the engine, which is safe for that: the reader only decrypts, and only the writer
 * writes. The rules for threads are those of {@link Wire}.
 */
final class TlsWire implements SecureWire {
    /** A fatal alert that says {@code internal_error}, for a client that is not served (RFC 8446, 6.2). */
    private static final byte[] NOT_SERVED = {21, 3, 3, 0, 2, 2, 80};

    /** How long the word that ends the output may wait for the peer to read. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final byte[] NOTHING = new byte[0];

    private final Wire below;
    private final Clock clock;
    private final TlsContext context;

    // Owned by the thread that performs the handshake.
    private boolean begun;
    private long handshakeDeadline;

    // Set once, by the thread that performs the handshake, before the first byte of it is written.
    private volatile @Nullable TlsOutput output;

    // Set once, by the thread that performs the handshake, when it is done.
    private volatile @Nullable Session session;

    // Set by the thread that performs the handshake: what a peer that doesn't speak TLS is told.
    private volatile byte @Nullable [] clearText;

    // Set by any thread, never cleared.
    private volatile boolean deaf;

    /** What there is after the handshake. */
    private record Session(SSLEngine engine, TlsInput input, TlsOutput output) {}

    TlsWire(Wire below, Clock clock, TlsContext context) {
        this.below = below;
        this.clock = clock;
        this.context = context;
    }

    @Override
    public Wire base() {
        return below.base();
    }

    @Override
    public InetSocketAddress peer() {
        return below.peer();
    }

    @Override
    public InetSocketAddress local() {
        return below.local();
    }

    // The handshake.

    @Override
    public long handshakeDeadline() {
        if (!begun) {
            begun = true;
            handshakeDeadline =
                    clock.nanoTime() + context.options().handshakeTime().toNanos();
        }
        return handshakeDeadline;
    }

    @Override
    public void handshakeBy(long deadline) {
        if (deadline - handshakeDeadline() < 0) {
            handshakeDeadline = deadline;
        }
    }

    @Override
    public int handshake(Executor aside) throws IOException {
        long start = clock.nanoTime();
        HandshakeCount count = context.handshakes();
        if (handshakeDeadline() - start <= 0) {
            count.ended(true);
            return EXPIRED;
        }
        SSLEngine engine = context.engines().newEngine(below.peer().getPort());
        RecordBuffer records = new RecordBuffer(below);
        TlsOutput sender = new TlsOutput(
                below, engine, context.buffers(), context.options().recordSize());
        output = sender;
        byte[] room = context.buffers().take();
        Executor computing = context.engines().isSlow() ? aside : Runnable::run;
        try {
            int result = new HandshakeLoop(engine, records, sender, room, handshakeDeadline, computing).run();
            if (result == 0) {
                count.done(engine.getSession().getProtocol(), clock.nanoTime() - start);
                sender.begin(context.engines().cipher(engine));
                TlsInput input = new TlsInput(below, clock, engine, records, context, sender);
                session = new Session(engine, input, sender);
                if (deaf) {
                    input.shut();
                }
                return 0;
            }
            count.ended(result == EXPIRED);
            records.drop();
            return result;
        } catch (ClearTextException e) {
            clearText = e.response();
            count.failed();
            records.drop();
            throw e;
        } catch (IOException e) {
            boolean late = clock.nanoTime() - handshakeDeadline >= 0;
            if (late || !(e instanceof SSLException)) {
                count.ended(late);
            } else {
                count.failed();
            }
            records.drop();
            throw HandshakeFailure.of(e);
        } catch (RuntimeException e) {
            // A provider that can't make sense of what the peer has sent.
            count.failed();
            records.drop();
            throw new SSLException("expected a TLS handshake but the provider failed: " + e, e);
        } finally {
            context.buffers().give(room);
        }
    }

    @Override
    public SSLSession session() {
        return opened().engine().getSession();
    }

    @Override
    public Optional<String> applicationProtocol() {
        return Optional.ofNullable(opened().engine().getApplicationProtocol()).filter(it -> !it.isEmpty());
    }

    private Session opened() {
        Session known = session;
        if (known == null) {
            throw new IllegalStateException("expected a TLS connection whose handshake is done");
        }
        return known;
    }

    // The input.

    @Override
    public byte @Nullable [] borrow() {
        return below.borrow();
    }

    @Override
    public void giveBack(byte[] buffer) {
        below.giveBack(buffer);
    }

    @Override
    public int read(byte[] target, int offset, int length, long deadline) throws IOException {
        return opened().input().read(target, offset, length, deadline);
    }

    @Override
    public void awaitInput(long deadline) throws IOException {
        opened().input().awaitInput(deadline);
    }

    @Override
    public boolean awaitInput(Duration patience, BooleanSupplier woken) throws IOException {
        return opened().input().awaitInput(patience, woken);
    }

    @Override
    public void wake() {
        below.wake();
    }

    @Override
    public boolean mayRest(boolean timed) {
        return below.mayRest(timed);
    }

    @Override
    public boolean awaitExchange(long deadline, BooleanSupplier woken) throws IOException {
        return opened().input().awaitExchange(deadline, woken);
    }

    @Override
    public int readNow(byte[] target, int offset, int length, long deadline) throws IOException {
        return opened().input().readNow(target, offset, length, deadline);
    }

    @Override
    public void suggestRest() {
        below.suggestRest();
    }

    @Override
    public void rest(Resting conversation, long deadline) {
        below.rest(conversation, deadline);
    }

    @Override
    public int available() throws IOException {
        Session known = session;
        return known == null ? 0 : known.input().available();
    }

    @Override
    public boolean isQuiet() throws IOException {
        Session known = session;
        return known == null ? below.isQuiet() : known.input().isQuiet();
    }

    @Override
    public boolean hasEnded() throws IOException {
        Session known = session;
        return known == null ? below.hasEnded() : known.input().hasEnded();
    }

    @Override
    public boolean isTruncated() {
        Session known = session;
        return known != null && known.input().isTruncated();
    }

    @Override
    public void expireRead() {
        deaf = true;
        Session known = session;
        if (known != null) {
            known.input().shut();
        }
        below.expireRead();
    }

    // The output.

    @Override
    public int write(byte[] source, int offset, int length, long deadline) throws IOException {
        return opened().output().write(ByteBuffer.wrap(source, offset, length), deadline);
    }

    @Override
    public int write(byte[] head, int headLength, byte[] source, int offset, int length, long deadline)
            throws IOException {
        return opened().output()
                .write(ByteBuffer.wrap(head, 0, headLength), ByteBuffer.wrap(source, offset, length), deadline);
    }

    @Override
    public long transfer(FileChannel source, long position, long count, long deadline) throws IOException {
        return opened().output().transfer(source, position, count, deadline);
    }

    @Override
    public void shutdownOutput() throws IOException {
        byte[] last = opened().output().end(NOTHING);
        if (last.length > 0) {
            below.write(last, 0, last.length, clock.nanoTime() + PATIENCE.toNanos());
        }
        below.shutdownOutput();
    }

    @Override
    public void finish(byte[] lastWords) {
        TlsOutput begunOutput = output;
        if (begunOutput != null && begunOutput.isRefused()) {
            below.reset();
        } else {
            below.finish(encrypted(lastWords));
        }
        release();
    }

    /** Frees what the engine holds outside of the heap. */
    private void release() {
        TlsOutput begunOutput = output;
        if (context.isNative() && begunOutput != null) {
            begunOutput.release();
        }
    }

    /** The last bytes that the peer gets: encrypted, or an alert, and only for one that does not speak TLS clear text. */
    private byte[] encrypted(byte[] lastWords) {
        byte[] said = clearText;
        if (said != null) {
            return said;
        }
        TlsOutput begunOutput = output;
        if (begunOutput == null) {
            return context.isServer() ? NOT_SERVED : NOTHING;
        }
        return begunOutput.end(session == null ? NOTHING : lastWords);
    }

    @Override
    public void reset() {
        below.reset();
        release();
    }
}
