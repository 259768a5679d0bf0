package dev.thrum.crawl.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/** Chooses the part of a page's text that shows best why a query has found it. Owned by one thread. */
final class SnippetMaker {
    /** About two lines. */
    static final int WIDTH = 240;

    /** How much text there is before the first word, at least if there is that much. */
    private static final int LEAD = 60;

    /** How far to look for the end of a word, so that none is cut. */
    private static final int SLACK = 25;

    /** A match that comes later is not shown: this bounds the time for a page. */
    private static final int MOST_ANALYZED = 200_000;

    private static final String MORE = "…";

    private final Map<String, Integer> words;
    private final PageAnalyzer analyzer;

    /**
     * For the words of a query.
     *
     * @param words each with its place in the query, from 0
     * @param analyzer for pages
     */
    SnippetMaker(Map<String, Integer> words, PageAnalyzer analyzer) {
        this.words = words;
        this.analyzer = analyzer;
    }

    Snippet of(String body) throws IOException {
        BestWindow best = new BestWindow(words.size(), WIDTH - LEAD);
        if (!words.isEmpty()) {
            search(body.length() > MOST_ANALYZED ? body.substring(0, MOST_ANALYZED) : body, best);
        }
        List<Snippet.Mark> found = best.marks();
        int from = found.isEmpty()
                ? 0
                : beginning(body, Math.max(0, found.getFirst().from() - LEAD));
        int to = end(body, from, Math.min(body.length(), from + WIDTH));
        return new Line(body, from, to).with(found);
    }

    private void search(String text, BestWindow best) throws IOException {
        try (TokenStream stream = analyzer.tokenStream(PageFields.BODY, text)) {
            CharTermAttribute term = stream.getAttribute(CharTermAttribute.class);
            OffsetAttribute place = stream.getAttribute(OffsetAttribute.class);
            stream.reset();
            int beyond = Integer.MAX_VALUE;
            while (stream.incrementToken() && place.startOffset() < beyond) {
                Integer word = words.get(term.toString());
                if (word != null) {
                    best.add(word, place.startOffset(), place.endOffset());
                }
                if (beyond == Integer.MAX_VALUE && best.isPerfect()) {
                    // No other is better; what else is in it is marked too.
                    beyond = best.end();
                }
            }
        }
    }

    /** The beginning of a word at or soon after an index; the index itself if there are no blanks. */
    private static int beginning(String text, int index) {
        for (int i = index; i > 0 && i < Math.min(text.length(), index + SLACK); i++) {
            if (Character.isWhitespace(text.charAt(i - 1))) {
                return i;
            }
        }
        return insidePair(text, index) ? index - 1 : index;
    }

    /** The end of a word at or soon before an index. */
    private static int end(String text, int from, int index) {
        for (int i = index; i < text.length() && i > Math.max(from, index - SLACK); i--) {
            if (Character.isWhitespace(text.charAt(i))) {
                return i;
            }
        }
        return insidePair(text, index) ? index - 1 : index;
    }

    private static boolean insidePair(String text, int index) {
        return index > 0
                && index < text.length()
                && Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index));
    }

    /** A part of a text as one line: each run of white space becomes a blank. */
    private static final class Line {
        private final String text;
        private final int from;
        private final int to;
        private final StringBuilder line = new StringBuilder();

        Line(String text, int from, int to) {
            this.text = text;
            this.from = from;
            this.to = to;
        }

        /** With those of these marks that are in it. */
        Snippet with(List<Snippet.Mark> found) {
            List<Snippet.Mark> marks = new ArrayList<>();
            int at = from;
            line.append(text.substring(0, from).isBlank() ? "" : MORE);
            for (Snippet.Mark mark : found) {
                int begin = Math.max(at, mark.from());
                int end = Math.min(to, mark.to());
                if (begin < end) {
                    append(at, begin);
                    int begun = line.length();
                    append(begin, end);
                    marks.add(new Snippet.Mark(begun, line.length()));
                    at = end;
                }
            }
            append(at, to);
            line.append(text.substring(to).isBlank() ? "" : MORE);
            return new Snippet(line.toString(), marks);
        }

        private void append(int begin, int end) {
            for (int i = begin; i < end; i++) {
                char c = text.charAt(i);
                boolean isBlank = Character.isWhitespace(c) || c == '\u00a0';
                if (!isBlank) {
                    line.append(c);
                } else if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
                    line.append(' ');
                }
            }
        }
    }
}
