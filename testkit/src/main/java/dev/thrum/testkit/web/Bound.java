package dev.thrum.testkit.web;

/**
 * The maximum number of requests of a crawl for a part of the web that has no end.
 *
 * @param prefix of the URLs of that part
 * @param most requests for them; {@link WebLog#countBelow} counts them
 */
public record Bound(String prefix, int most) {}
