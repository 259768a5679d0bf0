package dev.thrum.app.crawl;

import dev.thrum.app.cli.ByteSize;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;

/**
 * The lines that show progress: one for each running download as far as there is room, and one for all of them.
 *
 * <p>Owned by the thread that draws.
 */
final class ProgressLines {
    private static final int BAR = 20;
    private static final int PERCENT = 100;

    /** The widths of percentage, size, speed and time left, with a blank before each. */
    private static final int FIGURES = 5 + 11 + 13 + 9;

    private static final int NARROWEST_NAME = 8;
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int MINUTES_PER_HOUR = 60;

    private final IdentityHashMap<Transfer, Speed> speeds = new IdentityHashMap<>();
    private final long begun;
    private final Speed all;

    /** What the lines are about: the downloads that run, and what became of the others. */
    record Moment(long nanos, List<Transfer> running, int ended, int files, int failed, long bytes) {
        Moment {
            running = List.copyOf(running);
        }
    }

    ProgressLines(long nanos) {
        begun = nanos;
        all = new Speed(nanos, 0);
    }

    /**
     * The lines, none longer than the width.
     *
     * @param rows the greatest number of lines
     */
    List<String> at(Moment moment, int width, int rows) {
        speeds.keySet().retainAll(moment.running);
        long bytes = moment.bytes;
        for (Transfer transfer : moment.running) {
            speeds.computeIfAbsent(transfer, one -> new Speed(moment.nanos, one.bytes()))
                    .at(moment.nanos, transfer.bytes());
            bytes += transfer.bytes();
        }
        all.at(moment.nanos, bytes);
        List<String> lines = new ArrayList<>();
        boolean needsSum = moment.files > 1;
        int room = Math.max(0, rows - (needsSum ? 1 : 0));
        for (Transfer transfer : moment.running.subList(0, Math.min(room, moment.running.size()))) {
            lines.add(line(transfer, width));
        }
        if (needsSum && rows > 0) {
            lines.add(sum(moment, bytes, width));
        }
        return lines.stream().map(String::stripTrailing).toList();
    }

    private String line(Transfer transfer, int width) {
        Speed speed = speeds.getOrDefault(transfer, all);
        long total = transfer.total();
        long bytes = transfer.bytes();
        boolean isTotalKnown = total > 0 && bytes <= total;
        String percent = isTotalKnown ? bytes * PERCENT / total + "%" : "";
        String figures = String.format(
                Locale.ROOT,
                " %4s %10s %12s %8s",
                percent,
                ByteSize.shown(bytes),
                ByteSize.shown(speed.perSecond()) + "/s",
                isTotalKnown ? clock(speed.secondsFor(total - bytes)) : "");
        int room = width - FIGURES;
        if (room < NARROWEST_NAME) {
            return Columns.fit(transfer.title(), width);
        }
        boolean hasBar = room >= BAR + 3 + 2 * NARROWEST_NAME;
        String name = Columns.fit(transfer.title(), hasBar ? room - BAR - 3 : room);
        return Columns.fit(
                name + (hasBar ? " " + bar(isTotalKnown ? (double) bytes / total : -1) : "") + figures, width);
    }

    private static String bar(double share) {
        int full = (int) (Math.max(0, share) * BAR);
        String tip = share < 0 || full == BAR ? "" : ">";
        return "[" + "=".repeat(full) + tip + " ".repeat(BAR - full - tip.length()) + "]";
    }

    private String sum(Moment moment, long bytes, int width) {
        long left = secondsLeft(moment);
        return Columns.fit(
                String.format(
                        Locale.ROOT,
                        "%d of %d files, %d running%s, %s, %s/s%s",
                        moment.ended - moment.failed,
                        moment.files,
                        moment.running.size(),
                        moment.failed == 0 ? "" : ", " + moment.failed + " failed",
                        ByteSize.shown(bytes),
                        ByteSize.shown(all.perSecond()),
                        left < 0 ? "" : ", " + clock(left) + " left"),
                width);
    }

    /** By bytes if all that is left runs and has a known size, otherwise by the number of files; negative if too early. */
    private long secondsLeft(Moment moment) {
        boolean isAllRunning = moment.ended + moment.running.size() == moment.files;
        if (isAllRunning && moment.running.stream().allMatch(one -> one.total() >= 0)) {
            return all.secondsFor(moment.running.stream()
                    .mapToLong(one -> Math.max(0, one.total() - one.bytes()))
                    .sum());
        }
        double seconds = (moment.nanos - begun) / 1e9;
        return moment.ended == 0 ? -1 : (long) Math.ceil(seconds / moment.ended * (moment.files - moment.ended));
    }

    /** Minutes and seconds, with hours if there are any. */
    static String clock(long seconds) {
        if (seconds < 0) {
            return "";
        }
        long minutes = seconds / SECONDS_PER_MINUTE;
        return minutes < MINUTES_PER_HOUR
                ? String.format(Locale.ROOT, "%d:%02d", minutes, seconds % SECONDS_PER_MINUTE)
                : String.format(
                        Locale.ROOT,
                        "%d:%02d:%02d",
                        minutes / MINUTES_PER_HOUR,
                        minutes % MINUTES_PER_HOUR,
                        seconds % SECONDS_PER_MINUTE);
    }
}
