package dev.thrum.crawl.fetch;

/** Follows one download. Called by the thread that downloads; must not block. */
public interface FetchWatch {
    /** Follows nothing. */
    FetchWatch NONE = new FetchWatch() {
        @Override
        public void started(String name, long total, long already) {
            // Nobody wants to know.
        }

        @Override
        public void advanced(long bytes) {
            // Nobody wants to know.
        }
    };

    /**
     * The head of a response has arrived and its body will be read; called again if the attempt starts over.
     *
     * @param name the proposed name; the final one may have a number. Safe to show on a terminal
     * @param total bytes of the whole file; -1 if the server has not announced them
     * @param already bytes of it that were there before
     */
    void started(String name, long total, long already);

    /** More bytes of the file have arrived. */
    void advanced(long bytes);
}
