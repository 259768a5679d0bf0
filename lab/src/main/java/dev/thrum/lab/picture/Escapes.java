package dev.thrum.lab.picture;

/** Text in other languages. */
final class Escapes {
    private Escapes() {}

    /** For the content of elements, and for attributes in quotes. */
    static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** Text that was made for a row of a certain length: cut with an ellipsis. */
    static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, Math.max(0, most - 1)) + "…";
    }
}
