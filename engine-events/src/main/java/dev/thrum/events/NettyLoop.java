package dev.thrum.events;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A loop over one of Netty's I/O handlers. */
final class NettyLoop extends Loop {
    private final ManualIoEventLoop events;

    // Owned by the loop's thread.
    private int channels;

    /** Starts the loop. */
    NettyLoop(String name, IoHandlerFactory transport, Executor orphans, Reports reports, LongSupplier nanoTime) {
        // Netty's allocator and its thread-local state are fast only on such a thread.
        super(name, FastThreadLocalThread::new, orphans, reports, nanoTime);
        this.events = new ManualIoEventLoop(platformThread(), transport) {
            @Override
            protected boolean canBlock() {
                return mayWait();
            }
        };
        platformThread().start();
    }

    /** Netty's event loop below this one; for code on the loop's thread. */
    IoEventLoop events() {
        return events;
    }

    /** Waits until a channel is closed in the kernel too; does not wait on the loop's own thread. */
    void awaitClosed(Channel channel) {
        if (!Thread.currentThread().equals(platformThread())) {
            CompletableFuture<Void> closed = new CompletableFuture<>();
            var _ = channel.closeFuture().addListener(done -> closed.complete(null));
            closed.join();
            await();
        }
    }

    /** Registers a handle with the kernel; for code on the loop's thread. */
    IoRegistration register(IoHandle handle) {
        Future<IoRegistration> made = events.register(handle);
        if (!made.isSuccess()) {
            throw new IllegalStateException("a descriptor could not be registered", made.cause());
        }
        return made.getNow();
    }

    /** Registers a channel with the loop, which does not end before the channel is closed. */
    ChannelFuture register(Channel channel) {
        // Netty's newer interface deprecates the method that its own bootstrap uses.
        EventLoop plain = events;
        return plain.register(channel).addListener(registered -> {
            if (registered.isSuccess()) {
                channels++;
                var _ = channel.closeFuture().addListener(closed -> channels--);
            }
        });
    }

    @Override
    void open() {
        // Netty has opened what it needs.
    }

    @Override
    void poll(long waitNanos) {
        // Netty asks whether it may wait.
        var _ = fallsAsleep();
        events.run(waitNanos);
    }

    @Override
    void wakeUp() {
        events.wakeup();
    }

    @Override
    java.util.concurrent.Future<?> alarm(long delayNanos, Runnable task) {
        return events.schedule(() -> run(task), delayNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    void closeConnections() {
        // Netty closes those that have no channel in its own shutdown.
    }

    @Override
    boolean hasConnections() {
        return channels > 0;
    }

    @Override
    void shutDown() {
        var _ = events.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        while (!events.isTerminated()) {
            events.runNow();
        }
    }
}
