package dev.thrum.crawl.search;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A part of a page's text in one line, in which the words of a query are marked. The text is what the page says: it may look like
 * markup, or hold characters that control a terminal. Immutable.
 */
public final class Snippet {
    private final String text;
    private final List<Mark> marks;

    /**
     * A snippet.
     *
     * @param marks in the text, in its order, without overlap
     */
    Snippet(String text, List<Mark> marks) {
        this.text = text;
        this.marks = List.copyOf(marks);
    }

    /** A marked part of a text. */
    record Mark(int from, int to) {}

    /** The text, without marks. */
    public String text() {
        return text;
    }

    /**
     * The text with marks. Every part of it is escaped by itself, before the marks are put around some: so no text can be taken
     * for a mark, nor for anything else that the escaping prevents.
     *
     * @param begin put before a marked part
     * @param end put after it
     */
    public String marked(UnaryOperator<String> escaping, String begin, String end) {
        StringBuilder marked = new StringBuilder();
        int at = 0;
        for (Mark mark : marks) {
            marked.append(escaping.apply(text.substring(at, mark.from())));
            marked.append(begin)
                    .append(escaping.apply(text.substring(mark.from(), mark.to())))
                    .append(end);
            at = mark.to();
        }
        return marked.append(escaping.apply(text.substring(at))).toString();
    }

    List<Mark> marks() {
        return marks;
    }

    /** The text. */
    @Override
    public String toString() {
        return text;
    }
}
