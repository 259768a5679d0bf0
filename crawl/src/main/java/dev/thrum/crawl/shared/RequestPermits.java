package dev.thrum.crawl.shared;

import java.util.Optional;

/** Says which hosts may be asked now. Safe for concurrent use. */
public interface RequestPermits {
    /**
     * A request.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    interface Request<T> {
        T run() throws InterruptedException;
    }

    /**
     * Makes a request if the authority may be asked. May wait until that is certain.
     *
     * @return empty if it is another process's, or has become that meanwhile; then the request was interrupted
     * @throws InterruptedException if the thread was interrupted by somebody else
     */
    <T> Optional<T> request(String authority, Request<T> request) throws InterruptedException;

    /** Of a process that crawls alone. */
    static RequestPermits always() {
        return new RequestPermits() {
            @Override
            public <T> Optional<T> request(String authority, Request<T> request) throws InterruptedException {
                return Optional.of(request.run());
            }
        };
    }
}
