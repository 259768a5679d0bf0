package dev.thrum.crawl.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The best of all windows of one width in a text: the one with the most different words of a query, then with the most that follow
 * each other as in the query, then with the most words; of equal ones the first. Owned by one thread.
 */
final class BestWindow {
    private static final int DIFFERENT = 1 << 20;
    private static final int FOLLOWING = 1 << 10;

    private final int width;
    private final int[] counts;
    /** The matches in the window that ends with the last one. */
    private final Deque<Match> window = new ArrayDeque<>();

    private int different;
    private int following;
    private int best;
    private List<Match> bestMatches = List.of();
    private int end;

    /**
     * A word of the query in the text.
     *
     * @param follows whether the word before it in the query comes before it here
     */
    private record Match(int word, int from, int to, boolean follows) {}

    BestWindow(int words, int width) {
        this.width = width;
        this.counts = new int[words];
    }

    /** Adds a match, which begins at or after the one before. */
    void add(int word, int from, int to) {
        while (!window.isEmpty() && to - window.getFirst().from() > width) {
            remove(window.removeFirst());
        }
        Match last = window.peekLast();
        boolean follows = last != null && last.word() == word - 1 && from - last.to() <= 2;
        window.addLast(new Match(word, from, to, follows));
        different += counts[word]++ == 0 ? 1 : 0;
        following += follows ? 1 : 0;
        int score = different * DIFFERENT
                + Math.min(following, FOLLOWING - 1) * FOLLOWING
                + Math.min(window.size(), FOLLOWING - 1);
        if (score > best) {
            best = score;
            bestMatches = List.copyOf(window);
            end = window.getFirst().from() + width;
        }
    }

    private void remove(Match first) {
        counts[first.word()]--;
        different -= counts[first.word()] == 0 ? 1 : 0;
        following -= first.follows() ? 1 : 0;
    }

    /** Whether it has all words, in the order of the query. */
    boolean isPerfect() {
        return best >= counts.length * DIFFERENT + (counts.length - 1) * FOLLOWING && best > 0;
    }

    /** The index in the text after the best window. */
    int end() {
        return end;
    }

    /** The matches in the best window, merged where they overlap or touch. */
    List<Snippet.Mark> marks() {
        List<Snippet.Mark> marks = new ArrayList<>();
        for (Match match : bestMatches) {
            Snippet.Mark last = marks.isEmpty() ? null : marks.getLast();
            if (last != null && match.from() <= last.to()) {
                marks.set(marks.size() - 1, new Snippet.Mark(last.from(), Math.max(last.to(), match.to())));
            } else {
                marks.add(new Snippet.Mark(match.from(), match.to()));
            }
        }
        return marks;
    }
}
