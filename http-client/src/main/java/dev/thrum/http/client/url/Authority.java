package dev.thrum.http.client.url;

/**
 * User information, host and port of a URL.
 *
 * @param username percent-encoded; empty if there is none
 * @param password percent-encoded; empty if there is none
 * @param host as {@link HostParser} writes it
 * @param port the one that the URL names; {@link #DEFAULT_PORT} if it is the scheme's own
 */
record Authority(String username, String password, String host, int port) {
    static final int DEFAULT_PORT = -1;

    /** User information as it is before the host, with its at sign; empty if there is none. */
    String userInfo() {
        if (username.isEmpty() && password.isEmpty()) {
            return "";
        }
        return username + (password.isEmpty() ? "" : ":" + password) + "@";
    }

    /** The host, and the port unless it is the scheme's own. */
    String hostAndPort() {
        return port == DEFAULT_PORT ? host : host + ":" + port;
    }
}
