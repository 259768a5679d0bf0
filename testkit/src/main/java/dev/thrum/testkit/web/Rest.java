package dev.thrum.testkit.web;

import java.time.Duration;

/**
 * A time for which a crawl must not ask a host for anything.
 *
 * @param url the response for it begins the time
 * @param visit which response for it, counted from 1
 * @param least from the end of that response to the next request; {@link WebLog#restAfter} measures it
 */
public record Rest(String url, int visit, Duration least) {}
