package dev.thrum.crawl.text;

/** The decoder of one encoding. Malformed bytes become U+FFFD and never fail. Safe for concurrent use. */
interface TextDecoder {
    char REPLACEMENT = '\ufffd';

    /** The text of the bytes in this range. */
    String decode(byte[] bytes, int from, int to);
}
