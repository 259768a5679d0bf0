package dev.thrum.lab.picture;

import dev.thrum.simulation.explore.Finding;
import java.util.List;

/**
 * A picture of threads that go wrong: what each does in which order, what they share, and the copy in hand that is out of date, or
 * the ring of threads that wait for each other. Immutable.
 */
public final class Picture {
    /** A terminal gets no wider lines. */
    private static final int WIDEST = 100;

    private final Caption caption;
    private final Plot plot;

    private Picture(Caption caption, Plot plot) {
        this.caption = caption;
        this.plot = plot;
    }

    /** A picture of what the explorer has found, or of a schedule that was replayed. */
    public static Picture of(Finding finding, Caption caption) {
        return new Picture(caption, Plotter.plot(finding, caption));
    }

    /** A picture of a schedule in which nothing goes wrong: the trace of {@code Explorer.sample} or {@code replay}. */
    public static Picture ofSteps(List<Finding.Step> steps, Caption caption) {
        return new Picture(caption, Plotter.plot(steps, caption));
    }

    /**
     * A picture of threads of a real run that wait for each other. It has no steps, only who waits for whom.
     *
     * @throws IllegalArgumentException if there is no thread
     */
    public static Picture ofStuck(List<Stuck> stuck, Caption caption) {
        return new Picture(caption, StuckThreads.plot(stuck, caption));
    }

    /** A page of HTML that needs nothing else: no other file, no network. To be saved in UTF-8. */
    public String html() {
        return new PictureHtml(caption, plot).page();
    }

    /**
     * Columns for a terminal, one for each thread, time downwards; each line ends with a line feed. If the threads don't fit next
     * to each other, one line says so and the steps follow as a list.
     *
     * @param width of the terminal, in columns; more than 100 are not used
     */
    public String columns(int width) {
        return new Columns(caption, plot, Math.min(width, WIDEST)).text();
    }

    /**
     * The steps in the trace event format of Chrome, which Perfetto opens. A step takes a millisecond; arrows lead from
     * a write to each read of what was written, and from the release of a lock to its next holder.
     */
    public String trace() {
        return ChromeTrace.of(caption, plot);
    }
}
