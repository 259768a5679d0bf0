package dev.thrum.crawl.shared;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Permits for the hosts of the partitions that a process owns. */
record SharedPermits(SharedUrls urls) implements RequestPermits {
    @Override
    public <T> Optional<T> request(String authority, Request<T> request) throws InterruptedException {
        OwnedPartition partition = urls.begin(authority);
        if (partition == null) {
            return Optional.empty();
        }
        boolean isCut;
        @Nullable T result = null;
        InterruptedException interrupt = null;
        try {
            result = request.run();
        } catch (InterruptedException e) {
            interrupt = e;
        } finally {
            isCut = urls.end(partition);
        }
        if (interrupt != null && !isCut) {
            throw interrupt;
        }
        return isCut ? Optional.empty() : Optional.ofNullable(result);
    }
}
