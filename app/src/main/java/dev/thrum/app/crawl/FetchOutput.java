package dev.thrum.app.crawl;

import dev.thrum.app.cli.ByteSize;
import dev.thrum.base.JsonLine;
import dev.thrum.base.Plural;
import dev.thrum.base.Printable;
import dev.thrum.crawl.fetch.FetchResult;
import dev.thrum.crawl.fetch.Head;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * What {@code thrum fetch} prints: a line for each URL, and one for all. Text of servers is made printable. Safe for concurrent
 * use.
 *
 * @param json whether the standard output has JSON lines; then the line for all is on the standard error
 */
record FetchOutput(Screen screen, boolean json) {
    private static final String COMMAND = "thrum fetch: ";
    private static final double NANOS = 1e9;

    void saved(Download download, FetchResult.Saved file) {
        if (json) {
            screen.out(line(download.url(), "saved")
                    .with("final", file.finalUrl().toString())
                    .with("name", file.name())
                    .with("bytes", file.bytes())
                    .with("transferred", file.transferred())
                    .with("resumed", file.resumed())
                    .with("attempts", download.attempts())
                    .toString());
        } else {
            screen.out("saved " + Printable.of(file.name()) + ", " + ByteSize.shown(file.bytes())
                    + (file.resumed() ? ", resumed" : "") + ", from " + Printable.of(download.url()));
        }
    }

    void present(Download download, FetchResult.AlreadyThere file) {
        if (json) {
            screen.out(line(download.url(), "present")
                    .with("final", file.finalUrl().toString())
                    .with("name", file.name())
                    .with("bytes", file.bytes())
                    .with("transferred", 0)
                    .with("attempts", download.attempts())
                    .toString());
        } else {
            screen.out("kept " + Printable.of(file.name()) + ", " + ByteSize.shown(file.bytes())
                    + ", which is complete, from " + Printable.of(download.url()));
        }
    }

    /** The beginning of a file; control characters except for line ends are shown as escapes. */
    void head(Download download, Head head) {
        String text = new String(head.bytes(), StandardCharsets.UTF_8);
        if (json) {
            screen.out(line(download.url(), "head")
                    .with("final", head.finalUrl().toString())
                    .with("head", text)
                    .with("attempts", download.attempts())
                    .toString());
            return;
        }
        StringBuilder printable = new StringBuilder("==> " + Printable.of(download.url()) + " <==");
        text.lines().forEach(line -> printable.append(System.lineSeparator()).append(Printable.of(line)));
        screen.out(printable.toString());
    }

    /** Another attempt will follow. */
    void willRetry(Download download, String reason) {
        if (!json) {
            screen.err(COMMAND + Printable.of(download.url() + ": " + reason + "; will try again"));
        }
    }

    void failed(Download download, String reason) {
        FetchResult.Failed last = download.lastFailure();
        failure(
                line(download.url(), "failed")
                        .with("status", last == null ? 0 : last.status())
                        .with("attempts", download.attempts()),
                download.url(),
                reason);
    }

    /** A text among the URLs that is none. */
    void malformed(String text, String reason) {
        failure(line(text, "failed").with("status", 0).with("attempts", 0), text, reason);
    }

    private void failure(JsonLine line, String url, String reason) {
        if (json) {
            screen.out(line.with("error", Printable.of(reason)).toString());
        }
        screen.err(COMMAND + UrlList.fault(url, reason));
    }

    /** The line for all URLs. */
    void sum(Tally.Numbers numbers, Duration elapsed, boolean isStopped) {
        String files = numbers.complete() == numbers.files()
                ? Plural.of(numbers.files(), "file")
                : numbers.complete() + " of " + Plural.of(numbers.files(), "file");
        double seconds = elapsed.toNanos() / NANOS;
        double oneByOne = numbers.oneByOne().toNanos() / NANOS;
        String line = String.format(
                Locale.ROOT,
                "%s, %s in %.3f s, %s/s%s",
                files,
                ByteSize.shown(numbers.bytes()),
                seconds,
                ByteSize.shown(seconds > 0 ? numbers.transferred() / seconds : 0),
                numbers.files() > 1 && oneByOne > seconds
                        ? String.format(Locale.ROOT, "; the requests add up to %.3f s (--sequential)", oneByOne)
                        : "");
        if (isStopped) {
            screen.err(COMMAND + "stopped by a signal; the parts are kept, and the same command resumes them");
        }
        if (json) {
            screen.err(line);
        } else {
            screen.out(line);
        }
    }

    private static JsonLine line(String url, String result) {
        return new JsonLine().with("url", url).with("result", result);
    }
}
