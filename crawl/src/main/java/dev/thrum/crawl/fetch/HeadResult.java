package dev.thrum.crawl.fetch;

/** The beginning of a file, or why there is none: a {@link Head} or a {@link FetchResult.Failed}. */
public sealed interface HeadResult permits Head, FetchResult.Failed {}
