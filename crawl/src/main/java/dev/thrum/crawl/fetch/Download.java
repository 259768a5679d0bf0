package dev.thrum.crawl.fetch;

import dev.thrum.base.Clock;
import dev.thrum.base.Uninterrupted;
import dev.thrum.crawl.fetch.FetchResult.AlreadyThere;
import dev.thrum.crawl.fetch.FetchResult.Failed;
import dev.thrum.crawl.fetch.FetchResult.Saved;
import dev.thrum.http.Headers;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.Redirects.Outcome;
import dev.thrum.http.client.url.Url;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt to fetch a file. Owned by the thread that runs it. */
final class Download {
    /** Requests for one file: the first, those for further ranges of a server that sends small ones, and one that starts over. */
    private static final int MOST_REQUESTS = 100;

    private final FetchNetwork network;
    private final DownloadFolder folder;
    private final Clock clock;
    private final FetchRequest request;
    private final FetchWatch watch;
    private final byte[] block;
    private final String key;

    private Url finalUrl;
    private Validators validators = Validators.NONE;
    private long transferred;
    private boolean resumed;
    private boolean startedOver;

    Download(
            FetchNetwork network,
            DownloadFolder folder,
            Clock clock,
            FetchRequest request,
            FetchWatch watch,
            byte[] block) {
        this.network = network;
        this.folder = folder;
        this.clock = clock;
        this.request = request;
        this.watch = watch;
        this.block = block;
        this.key = request.url().withoutFragment().withoutUserInfo().href();
        this.finalUrl = request.url();
    }

    FetchResult run() throws IOException {
        Optional<Completed> known = folder.completed(key);
        if (known.isPresent()) {
            Optional<FetchResult> there = check(known.get());
            if (there.isPresent()) {
                return there.get();
            }
        }
        return fetch(null);
    }

    /** Whether a file that was completed earlier is still what is wanted; if not, and the server has sent it, what came of that. */
    private Optional<FetchResult> check(Completed known) throws IOException {
        Digest expected = request.digest();
        if (expected != null) {
            // The digest decides, whatever the server has now.
            return folder.digest(known, expected).equals(expected) ? Optional.of(there(known)) : Optional.empty();
        }
        if (known.validators().isEmpty()) {
            return Optional.of(there(known));
        }
        Validators validators = known.validators();
        Outcome outcome;
        try {
            outcome = send(
                    validators.etag().isEmpty()
                            ? get().with("If-Modified-Since", validators.lastModified())
                            : get().with("If-None-Match", validators.etag()));
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            // The file was complete, and nobody says that there is another one.
            return Optional.of(there(known));
        }
        try (ClientResponse response = outcome.response()) {
            boolean other = response.status() == 200 && !validators.match(validators(response));
            return Optional.of(other ? fetch(outcome) : there(known));
        }
    }

    private FetchResult there(Completed known) {
        return new AlreadyThere(finalUrl, known.name(), known.bytes());
    }

    /**
     * Fetches the file, or goes on with a part of it.
     *
     * @param first a response that is there already; null if there is none
     */
    private FetchResult fetch(@Nullable Outcome first) throws IOException {
        Part part = folder.part(key);
        boolean saved = false;
        try {
            FetchResult result = first == null ? complete(part) : takeAll(part, first);
            saved = result instanceof Saved;
            return result;
        } catch (IOException e) {
            saved = true;
            leave(part, e);
            throw e;
        } finally {
            if (!saved) {
                leave(part, null);
            }
        }
    }

    /** Keeps a part for a later attempt; an interrupt waits, because it would close the file. */
    private void leave(Part part, @Nullable IOException reason) throws IOException {
        try {
            boolean _ = Uninterrupted.run(() -> {
                folder.leave(part);
                return true;
            });
        } catch (IOException e) {
            if (reason == null) {
                throw e;
            }
            reason.addSuppressed(e);
        }
    }

    private FetchResult complete(Part part) throws IOException {
        if (part.isComplete()) {
            validators = Objects.requireNonNull(part.description()).validators();
            resumed = true;
            FetchResult saved = finish(part, null);
            if (saved != null) {
                return saved;
            }
        }
        return requestAll(part);
    }

    private FetchResult takeAll(Part part, Outcome first) throws IOException {
        part.restart();
        FetchResult result = take(part, first);
        return result == null ? requestAll(part) : result;
    }

    /** Sends requests until the file is complete or has failed. */
    private FetchResult requestAll(Part part) throws IOException {
        for (int i = 0; i < MOST_REQUESTS; i++) {
            Outcome outcome = send(rangeOf(part));
            FetchResult result;
            try (ClientResponse _ = outcome.response()) {
                result = take(part, outcome);
            }
            if (result != null) {
                return result;
            }
        }
        return Failures.passing(
                "expected the whole file after " + MOST_REQUESTS + " requests but the server sends small parts");
    }

    private ClientRequest rangeOf(Part part) throws IOException {
        PartRecord description = part.description();
        Optional<String> ifRange = description == null
                ? Optional.empty()
                : description.validators().ifRange();
        if (part.length() == 0 || ifRange.isEmpty()) {
            part.restart();
            return get();
        }
        return get().with("Range", "bytes=" + part.length() + "-").with("If-Range", ifRange.get());
    }

    private ClientRequest get() throws IOException {
        return FetchNetwork.get(request.url());
    }

    private Outcome send(ClientRequest toSend) throws IOException {
        Optional<Duration> time = network.timeFor(request);
        if (time.isEmpty()) {
            throw new LastingException(Failures.late().reason());
        }
        Outcome outcome = network.sendForFile(toSend.withDeadline(time.get()), request.url());
        finalUrl = outcome.url();
        return outcome;
    }

    private Validators validators(ClientResponse response) {
        return Validators.of(response.headers(), clock.instant());
    }

    /** Takes what a response has of the file; null if another request is needed. */
    private @Nullable FetchResult take(Part part, Outcome outcome) throws IOException {
        ClientResponse response = outcome.response();
        Validators sent = validators(response);
        return switch (Verdict.of(response.status(), response.headers(), sent, part.length(), part.description())) {
            case Verdict.Whole _ -> whole(part, response, sent);
            case Verdict.Range range -> range(part, response, range);
            case Verdict.Complete _ -> {
                resumed = true;
                yield finish(part, null);
            }
            case Verdict.StartOver over -> startOver(part, over.reason());
            case Verdict.Refused _ ->
                Failures.of(response, clock.instant(), network.limits().maxWait());
        };
    }

    private @Nullable FetchResult whole(Part part, ClientResponse response, Validators sent) throws IOException {
        part.restart();
        resumed = false;
        validators = sent;
        Headers headers = response.headers();
        boolean decoded =
                headers.contains("Content-Encoding") && response.encoding().isEmpty();
        boolean measured = !decoded && !headers.contains("Transfer-Encoding");
        long total = measured ? Verdict.declared(headers).orElse(ContentRange.UNKNOWN) : ContentRange.UNKNOWN;
        requireFits(total);
        String name = ProposedName.of(headers, finalUrl);
        // What was decoded can't be resumed: a range would be one of the coded bytes.
        part.describe(new PartRecord(key, name, decoded ? Validators.NONE : sent, total, Boot.ID, 0));
        watch.started(name, total, 0);
        MessageDigest computation =
                request.digest() == null ? null : request.digest().computation();
        long _ = copy(part, response.body(), Long.MAX_VALUE, computation);
        return finish(part, computation);
    }

    private @Nullable FetchResult range(Part part, ClientResponse response, Verdict.Range range) throws IOException {
        PartRecord known = Objects.requireNonNull(part.description());
        requireFits(range.total());
        validators = known.validators();
        long before = part.length();
        part.describe(new PartRecord(key, known.name(), known.validators(), range.total(), Boot.ID, 0));
        watch.started(known.name(), range.total(), before);
        resumed = true;
        long received = copy(part, response.body(), range.length(), null);
        if (received != range.length()) {
            return startOver(part, "a part of another length than its label says");
        }
        return part.isComplete() ? finish(part, null) : null;
    }

    /** Appends a body, of which more than this many bytes are not wanted; returns how many bytes it had. */
    private long copy(Part part, InputStream body, long most, @Nullable MessageDigest computation) throws IOException {
        long received = 0;
        int filled = 0;
        try {
            for (int count = body.read(block, 0, block.length);
                    count >= 0;
                    count = body.read(block, filled, block.length - filled)) {
                received += count;
                if (received > most) {
                    return received;
                }
                requireFits(part.length() + filled + count);
                watch.advanced(count);
                filled += count;
                if (filled == block.length) {
                    filled -= append(part, filled, computation);
                }
            }
        } finally {
            transferred += received;
            int rest = filled;
            int _ = Uninterrupted.run(() -> append(part, rest, computation));
        }
        return received;
    }

    /** Appends the first bytes of the block; returns how many those are. */
    private int append(Part part, int count, @Nullable MessageDigest computation) throws DiskException {
        if (computation != null) {
            computation.update(block, 0, count);
        }
        part.write(block, count);
        return count;
    }

    private void requireFits(long bytes) throws LastingException {
        long most = network.limits().maxSize();
        if (bytes > most) {
            throw new LastingException("expected a file of at most " + most + " bytes but it has at least " + bytes
                    + ": allow a larger size");
        }
    }

    /** The response does not fit to the part. Once an attempt, because a server that never fits would be asked for ever. */
    private @Nullable FetchResult startOver(Part part, String reason) throws IOException {
        part.restart();
        if (startedOver) {
            return Failures.passing("expected the rest of the file or all of it but the server has sent " + reason);
        }
        startedOver = true;
        return null;
    }

    /** All bytes are there: checks the digest, and gives the file its name. Null if it has to be fetched again. */
    private @Nullable FetchResult finish(Part part, @Nullable MessageDigest computation) throws IOException {
        Digest expected = request.digest();
        if (expected != null) {
            Digest found = computation == null ? part.digest(expected) : expected.found(computation);
            if (!found.equals(expected)) {
                return resumed ? startOver(part, "a part of a file with another digest") : other(expected, found);
            }
        }
        PartRecord description = Objects.requireNonNull(part.description()).with(validators);
        long bytes = part.length();
        String name = Uninterrupted.run(() -> folder.save(part, description));
        return new Saved(finalUrl, name, bytes, transferred, resumed);
    }

    private static Failed other(Digest expected, Digest found) {
        return Failures.lasting("expected a file with the digest " + expected + " but it has " + found);
    }
}
