package dev.thrum.crawl.fetch;

import dev.thrum.http.client.url.Url;

/** The beginning of a file, which was not saved. */
public final class Head implements HeadResult {
    private final Url finalUrl;
    private final byte[] bytes;

    Head(Url finalUrl, byte[] bytes) {
        this.finalUrl = finalUrl;
        this.bytes = bytes;
    }

    /** Where it came from, after redirects. */
    public Url finalUrl() {
        return finalUrl;
    }

    /** The first bytes, decoded; a copy. As the server has sent them, so not safe to show on a terminal. */
    public byte[] bytes() {
        return bytes.clone();
    }
}
