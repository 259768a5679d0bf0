package dev.thrum.crawl.html;

/** The namespace of an element, and what may be in it (13.2.6.5). */
enum Space {
    HTML,
    SVG,
    /** An SVG element with HTML in it. */
    SVG_AROUND_HTML,
    MATHML,
    /** A MathML element with text in it: a text integration point. */
    MATHML_AROUND_TEXT,
    /** An annotation that may have SVG in it. */
    MATHML_AROUND_SVG,
    /** An annotation with HTML in it. */
    MATHML_AROUND_HTML,
    /** An element that is closed while elements in it are still open. */
    CLOSED;

    boolean isForeign() {
        return this != HTML && this != CLOSED;
    }

    /** Whether tags in it may be of HTML. */
    boolean isIntegrationPoint() {
        return this == SVG_AROUND_HTML || this == MATHML_AROUND_TEXT || this == MATHML_AROUND_HTML;
    }

    /** Whether it is of the special category, and ends most scopes. */
    boolean isSpecial() {
        return isIntegrationPoint() || this == MATHML_AROUND_SVG;
    }
}
