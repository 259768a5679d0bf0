package dev.thrum.events;

import io.netty.channel.DefaultFileRegion;
import java.nio.channels.FileChannel;

/** A part of a file that stays open after it has been sent, because it belongs to the handler. */
final class HandlersFileRegion extends DefaultFileRegion {
    HandlersFileRegion(FileChannel file, long position, long count) {
        super(file, position, count);
    }

    @Override
    protected void deallocate() {
        // Nothing to release.
    }
}
