package dev.thrum.measure.report;

import java.util.List;

/**
 * A section of a report.
 *
 * @param title its title
 * @param length how many want to read it
 * @param blocks its content
 */
record Section(String title, Length length, List<Block> blocks) {
    Section {
        blocks = List.copyOf(blocks);
    }

    /** How many want to read a section. */
    enum Length {
        /** It is in all forms. */
        SHORT,
        /** It isn't on the terminal, where it would move the verdict out of sight. */
        LONG,
        /** It is also folded on a page. */
        RAW
    }
}
