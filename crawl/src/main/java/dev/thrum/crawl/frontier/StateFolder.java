package dev.thrum.crawl.frontier;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** The folder of a frontier; a test can let it fail, or lose what was not forced. One thread at a time uses it. */
interface StateFolder extends Closeable {
    List<String> names() throws IOException;

    /** Makes an empty file, whose name is new. */
    StateFile create(String name) throws IOException;

    StateFile open(String name) throws IOException;

    /** Closes a file and gives it another name. */
    void rename(String from, String to) throws IOException;

    /** Closes a file if it is open, and deletes it if there is one. */
    void delete(String name) throws IOException;

    /** Makes the names durable. */
    void force() throws IOException;

    /** Closes all files. */
    @Override
    void close() throws IOException;
}
