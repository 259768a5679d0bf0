package dev.thrum.crawl.search;

/**
 * A page as the index has it. All but the URL and the host is text without markup, and may be empty.
 *
 * @param url absolute, over http or https
 * @param host of the URL, in lower case; followed by a colon and the port if that is not the default one
 * @param title of the document
 * @param headings of the page, separated by line ends
 * @param body the whole text of the page, the headings included
 */
public record IndexedPage(String url, String host, String title, String headings, String body) {}
