package dev.thrum.crawl.shared;

import org.jspecify.annotations.Nullable;

/** Where the facts of hosts are kept for whoever owns them next. Safe for concurrent use. */
public interface HostMemory {
    /** What is known of an authority that this process has not asked yet; null if nothing. */
    @Nullable
    HostFacts recall(String authority);

    /** Keeps what is known now. */
    void keep(String authority, HostFacts facts);

    /** Of a crawl that is not shared. */
    static HostMemory none() {
        return new HostMemory() {
            @Override
            public @Nullable HostFacts recall(String authority) {
                return null;
            }

            @Override
            public void keep(String authority, HostFacts facts) {
                // Nobody else asks the host.
            }
        };
    }
}
