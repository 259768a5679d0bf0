package dev.thrum.crawl.shared;

import dev.thrum.pipeline.EndOfWork;
import dev.thrum.pipeline.partitions.Partitions;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finds the end of a shared crawl, with the counters of {@link EndOfWork}: what was created in a partition is the end of its log, and what is done is
 * the offset up to which its owner has said that everything is. A page is done in one commit with what it leads to, so a log
 * with that page ends the search for the end, or another log has what it leads to, or has it begun. Owned by the thread of {@link SharedRun}.
 */
final class SharedEnd {
    private static final String COMPLETE = "complete/";

    private final Partitions log;
    private final SharedUrls urls;
    private final EndOfWork<Integer> work;

    /** Whether the seeds of this process are in the log. */
    private boolean hasWritten;

    SharedEnd(Partitions log, SharedUrls urls) {
        this.log = log;
        this.urls = urls;
        this.work = new EndOfWork<>(IntStream.range(0, log.count()).boxed().collect(Collectors.toSet()));
    }

    /** What was found when this process began is in the log. */
    void wrote() {
        hasWritten = true;
    }

    /** Tells what is complete, and returns whether everything is. */
    boolean isReached() throws InterruptedException {
        Map<String, String> notices = log.notices();
        if (notices.containsKey(SharedRun.END)) {
            return true;
        }
        if (!hasWritten) {
            return false;
        }
        boolean isUpToDate = true;
        for (OwnedPartition partition : urls.owned()) {
            String position = Long.toString(log.position(partition.number));
            String key = COMPLETE + partition.number;
            if (!position.equals(notices.get(key))) {
                isUpToDate = false;
                if (urls.progress(partition).isComplete()) {
                    log.tell(key, position);
                }
            }
        }
        // As long as a partition of our own goes on, the broker need not be asked.
        if (!isUpToDate || !isReached(notices)) {
            return false;
        }
        log.tell(SharedRun.END, log.member());
        return true;
    }

    private boolean isReached(Map<String, String> notices) throws InterruptedException {
        EndOfWork<Integer>.Round round = work.round();
        for (int partition = 0; partition < log.count(); partition++) {
            String complete = notices.get(COMPLETE + partition);
            if (complete == null) {
                return false;
            }
            round.done(partition, Long.parseLong(complete));
        }
        try {
            long[] ends = log.ends();
            for (int partition = 0; partition < ends.length; partition++) {
                round.created(partition, ends[partition]);
            }
            return round.isEnd();
        } catch (IOException e) {
            // Out of reach; it is asked again.
            return false;
        }
    }
}
