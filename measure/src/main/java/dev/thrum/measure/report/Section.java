package dev.thrum.measure.report;

import java.util.List;

/**
 * A section of a report.
 *
 * @param title its title
 * @param isLong whether it is only for those who look for it: folded on a page, not on the terminal
 * @param blocks its content
 */
record Section(String title, boolean isLong, List<Block> blocks) {
    Section {
        blocks = List.copyOf(blocks);
    }
}
