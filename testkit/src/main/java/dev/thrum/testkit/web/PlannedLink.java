package dev.thrum.testkit.web;

/**
 * A link of a generated page.
 *
 * @param href the value of its attribute as the page's source has it
 * @param to the URL that it means, in canonical form, without a fragment
 * @param text between its tags
 */
public record PlannedLink(String href, String to, String text) {}
