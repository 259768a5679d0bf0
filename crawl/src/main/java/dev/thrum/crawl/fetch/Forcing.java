package dev.thrum.crawl.fetch;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** Makes what was written to an open file durable; a test can let that fail. */
@FunctionalInterface
interface Forcing {
    void force(FileChannel file) throws IOException;
}
