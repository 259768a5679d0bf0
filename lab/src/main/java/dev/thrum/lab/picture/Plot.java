package dev.thrum.lab.picture;

import java.util.List;
import java.util.Locale;

/**
 * What a picture draws, without any form: the threads, what they share, and what happens, one event after the other.
 *
 * @param threads their names, by number
 * @param rows what they share
 * @param events what happens, in order
 * @param verdict what has gone wrong at the end
 * @param ring who waits for whom, if they wait for each other; otherwise empty
 */
record Plot(List<String> threads, List<Row> rows, List<Event> events, Verdict verdict, List<Ring.Link> ring) {
    /** The weight of what goes wrong. Below it are {@link #NEAR} and the weights of {@link Kind}. */
    static final int DECISIVE = 4;

    /** The weight of what stands next to that. */
    static final int NEAR = 3;

    Plot {
        threads = List.copyOf(threads);
        rows = List.copyOf(rows);
        events = List.copyOf(events);
        ring = List.copyOf(ring);
    }

    /** How things are before an event, by its number. */
    State before(int event) {
        return event > 0
                ? events.get(event - 1).after()
                : new State(
                        rows.stream().map(row -> new Cell(row.start(), -1)).toList(),
                        threads.stream().map(_ -> new Hand("", false, "")).toList());
    }

    /**
     * Something that threads share.
     *
     * @param name its name in the picture
     * @param lock whether it is held, rather than having a value
     * @param start its value before the first event, empty if that is not known
     */
    record Row(String name, boolean lock, String start) {}

    /** How an event uses its row. */
    enum Kind {
        /** A value goes from the row to the thread. */
        READ(1),
        /** A value goes from the thread to the row. */
        WRITE(2),
        TAKE(1),
        RELEASE(1),
        /** The thread can't go on from here. */
        WAIT(2),
        SIGNAL(2),
        /** Nothing that is shared. */
        OTHER(0);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }

        /** How much an event matters if all that is known is its kind. */
        int weight() {
            return weight;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Something that a thread does, or that happens to it.
     *
     * @param kind how it uses its row
     * @param thread the number of the thread
     * @param row the number of the row, -1 if none is used
     * @param to the number of another thread that it is directed at, -1 if none
     * @param place where it is in the source, such as {@code Counter.java:12}
     * @param label what a box says, in two short lines
     * @param sentence what happens, as a sentence
     * @param weight how much it matters, from 0: what matters less is folded first
     * @param bad whether it is what goes wrong
     * @param after how things are after it
     */
    record Event(
            Kind kind,
            int thread,
            int row,
            int to,
            String place,
            Label label,
            String sentence,
            int weight,
            boolean bad,
            State after) {
        Event withWeight(int value) {
            return new Event(kind, thread, row, to, place, label, sentence, value, bad, after);
        }

        Event withSentence(String value) {
            return new Event(kind, thread, row, to, place, label, value, weight, bad, after);
        }

        Event withTo(int value) {
            return new Event(kind, thread, row, value, place, label, sentence, weight, bad, after);
        }

        Event withAfter(State value) {
            return new Event(kind, thread, row, to, place, label, sentence, weight, bad, value);
        }

        Event asBad() {
            return new Event(kind, thread, row, to, place, label, sentence, weight, true, after);
        }
    }

    /**
     * Two short lines for a box; the second may be empty.
     *
     * @param text the same in one line
     */
    record Label(String first, String second, String text) {
        Label(String first, String second) {
            this(first, second, (first + " " + second).strip());
        }
    }

    /** How things are after an event: for each row, for each thread. */
    record State(List<Cell> rows, List<Hand> threads) {
        State {
            rows = List.copyOf(rows);
            threads = List.copyOf(threads);
        }
    }

    /**
     * A row's value, and the thread that has written it; for a lock the thread that holds it.
     *
     * @param who the number of the thread, -1 if none
     */
    record Cell(String value, int who) {}

    /**
     * What a thread has in hand.
     *
     * @param copy the value that it has read and not yet written, with the name of the row; empty if none
     * @param stale whether that row has another value by now
     * @param waits what it waits for; empty if it can go on
     */
    record Hand(String copy, boolean stale, String waits) {}

    /**
     * What has gone wrong.
     *
     * @param sentence in words, with the names of the rows or threads
     * @param word in a few words, for the end of a row
     * @param row the row that is wrong, -1 if none is
     * @param threads the threads that are stuck, or have failed
     */
    record Verdict(String sentence, String word, int row, List<Integer> threads) {
        Verdict {
            threads = List.copyOf(threads);
        }
    }
}
