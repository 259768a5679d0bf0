package dev.thrum.measure.report;

import dev.thrum.measure.compare.PairVerdict;
import java.util.List;

/** A part of a report that each form shows in its own way. */
sealed interface Block {
    /** A paragraph. */
    record Paragraph(String text) implements Block {}

    /** A list. */
    record Items(List<String> items) implements Block {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** A table. Its first column holds names, the others figures or text. */
    record Table(List<String> head, List<List<String>> rows) implements Block {
        public Table {
            head = List.copyOf(head);
            rows = List.copyOf(rows);
        }
    }

    /** Verdicts: a table, or intervals on one axis. */
    record Verdicts(List<PairVerdict> verdicts) implements Block {
        public Verdicts {
            verdicts = List.copyOf(verdicts);
        }
    }

    /**
     * Pictures; forms without pictures leave them out, because tables next to them say the same.
     *
     * @param arms the names of the arms whose colours need a legend, in their order; none if the pictures name them
     */
    record Pictures(List<Picture> pictures, List<String> arms) implements Block {
        public Pictures {
            pictures = List.copyOf(pictures);
            arms = List.copyOf(arms);
        }
    }

    /**
     * A picture.
     *
     * @param title what it shows
     * @param svg the picture
     */
    record Picture(String title, String svg) {}
}
