package dev.thrum.testkit.web;

import java.util.List;

/**
 * The content of a generated page, which a crawl must find.
 *
 * @param url in canonical form
 * @param title with white space collapsed and no entities
 * @param marker a word that no other page has
 * @param links in the order of the page, with repetitions
 * @param text the words of its main part, in order, each followed by a space; those of links are not in it
 */
public record PlannedPage(String url, String title, String marker, List<PlannedLink> links, String text) {
    public PlannedPage {
        links = List.copyOf(links);
    }
}
