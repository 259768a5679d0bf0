package dev.thrum.testkit.web;

/**
 * A named fault of the web: its pages and responses, and the required result of a crawl.
 *
 * @param name unique, in lower case with hyphens; also a part of its URLs
 * @param description what is wrong, in a sentence
 * @param ofHost whether it needs a host for itself, because a crawl treats the whole host differently
 * @param recipe makes its pages and expectations
 */
public record WebFault(String name, String description, boolean ofHost, Recipe recipe) {
    /** Makes the pages and expectations of a fault. */
    @FunctionalInterface
    public interface Recipe {
        void make(Corner corner);
    }

    /** A fault of pages that share a host with others. */
    public static WebFault ofPages(String name, String description, Recipe recipe) {
        return new WebFault(name, description, false, recipe);
    }

    /** A fault of a host. */
    public static WebFault ofHost(String name, String description, Recipe recipe) {
        return new WebFault(name, description, true, recipe);
    }

    @Override
    public String toString() {
        return name;
    }
}
