package dev.thrum.app.crawl;

import dev.thrum.app.cli.ByteSize;
import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.cli.TimeSpan;
import dev.thrum.crawl.fetch.FetchLimits;
import dev.thrum.crawl.fetch.FetchNetwork;
import dev.thrum.pipeline.RetryPolicy;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The flags of the commands that send requests: how many at once, with what limits, and whom to trust. */
final class NetworkOptions {
    private static final int MOST_AT_ONCE = 10_000;
    private static final int MOST_RETRIES = 1_000;

    /** The longest first pause before another attempt, and the longest of all. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Flags flags = new Flags("At once:");
    private final Flag<Integer> parallel = flags.number("--parallel", 16, 1, MOST_AT_ONCE, "How many URLs at once");
    private final Flag<Integer> perHost =
            flags.number("--per-host", 8, 1, MOST_AT_ONCE, "How many of them may be of the same host");

    private final Flags limited = new Flags("Limits:");
    private final Flag<TimeSpan> timeout = limited.time(
            "--timeout",
            "30s",
            "Fail if a server doesn't respond for this long, or sends fewer than 512 bytes a second over it");
    private final Flag<@Nullable TimeSpan> maxTime = limited.optional(
            "--max-time", "TIME", TimeSpan::positive, "Fail if a URL takes longer in all, with its retries");
    private final Flag<@Nullable ByteSize> maxSize =
            limited.optional("--max-size", "SIZE", ByteSize::of, "Fail if a file is larger, such as 100MB");
    private final Flag<Integer> retries =
            limited.number("--retries", 4, 0, MOST_RETRIES, "How often to try again after a failure that may pass");
    private final Flag<TimeSpan> maxWait = limited.timeOrZero(
            "--max-wait", "2m", "The longest wait that a server may ask for (Retry-After); fail if it asks for more");

    private final Flags security = new Flags("Security:");
    private final Flag<Boolean> allowPrivate = security.on(
            "--allow-private",
            "Follow redirects to private addresses, too, such as 127.0.0.1 or 10.0.0.1",
            CrawlFlags::isListOfBlocks);
    private final TrustFlags trust = new TrustFlags(security);

    /** The flags, in the order of the help. */
    List<Flags> flags() {
        return List.of(flags, limited, security);
    }

    int parallel() {
        return parallel.value();
    }

    int perHost() {
        return perHost.value();
    }

    /** The time for one URL in all; null for any. */
    @Nullable
    Duration maxTime() {
        return maxTime.value() == null ? null : maxTime.value().duration();
    }

    FetchLimits limits() {
        FetchLimits limits = FetchLimits.defaults()
                .withTimeout(timeout.value().duration())
                .withMaxWait(maxWait.value().duration());
        if (maxTime.value() != null) {
            limits = limits.withMaxTime(maxTime.value().duration());
        }
        return maxSize.value() == null
                ? limits
                : limits.withMaxSize(maxSize.value().bytes());
    }

    /** How often and when to try again after a failure that may pass. */
    RetryPolicy retry(Predicate<? super Exception> mayPass) {
        return new RetryPolicy(1 + retries.value(), FIRST_PAUSE, LONGEST_PAUSE, mayPass);
    }

    /**
     * Whom to trust. Warns if certificates are not checked.
     *
     * @throws CommandException if a file can't be used
     * @throws IllegalArgumentException if the name of a file is malformed
     */
    FetchNetwork.Trust trust(String command, PrintWriter err) throws CommandException {
        return new FetchNetwork.Trust(allowPrivate.value(), trust.tls(command, err));
    }
}
