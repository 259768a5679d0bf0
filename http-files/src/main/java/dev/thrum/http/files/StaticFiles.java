package dev.thrum.http.files;

import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.base.PercentEncoding;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.Target;
import dev.thrum.http.files.FileLoader.Found;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Serves the files of a folder, and nothing outside of it. Safe for concurrent use; one instance serves all
 * connections.
 *
 * <p>It handles GET and HEAD, conditional requests and single ranges (RFC 9110, sections 13 and 14). A folder is served
 * as its {@code index.html}, else as a list: HTML, or JSON if the client asks for it. Paths are percent-decoded once.
 * Names that begin with a dot (unless configured), links that lead out of the folder, and anything that is neither
 * file nor folder are not found (404). If there is a {@code name.gz} that is not older than {@code name}, clients that
 * accept gzip get it instead. Clients must revalidate what they cache ({@code Cache-Control: no-cache}, with {@code ETag} and {@code
 * Last-Modified}).
 *
 * <p>File operations are {@linkplain Request#offload offloaded}; a list may wait up to 5 s for its turn. Small files
 * are cached in memory and checked for changes at the interval of {@link FilesConfig#look}. Larger files are sent from
 * the disk, by the kernel where the engine can. A file that shrinks while it is sent ends in a reset of the connection.
 * If the client disconnects, the file is released when sending fails. Too many concurrent lists, or too few file
 * descriptors, give 503 with {@code Retry-After}.
 */
public final class StaticFiles implements HttpHandler {
    /** The number of attempts if the file changes while a response is made. */
    private static final int ATTEMPTS = 5;

    /** Open files that were not requested for this long are closed. This is checked only while there are requests. */
    private static final long UNUSED_NANOS = 60_000_000_000L;

    /** The interval of these checks. */
    private static final long TIDY_NANOS = 10_000_000_000L;

    private final FilesConfig config;
    private final Clock clock;
    private final int mounted;
    private final String pattern;
    private final FileLoader loader;
    private final ListingLimiter lists = new ListingLimiter();
    private final FileCache cache;

    /** The reading of the clock at the last check for unused files. */
    private final AtomicLong tidied;

    private StaticFiles(Path root, String mount, FilesConfig config, Clock clock) throws IOException {
        this.config = config;
        this.clock = clock;
        this.mounted = Math.toIntExact(mount.chars().filter(c -> c == '/').count()) - 1;
        this.pattern = mount + "{path...}";
        this.loader = new FileLoader(new FileRoot(root), config, clock);
        this.cache = new FileCache(config.cache());
        this.tidied = new AtomicLong(clock.nanoTime());
    }

    /**
     * Serves a folder.
     *
     * @param root the folder; it may be a link
     * @param mount the path prefix of the folder, with a slash at both ends; {@code /} for all paths
     * @param clock of the engine
     * @throws IOException if the root is not a folder, or can't be read
     * @throws IllegalArgumentException if the prefix is malformed
     */
    public static StaticFiles of(Path root, String mount, FilesConfig config, Clock clock) throws IOException {
        if (!mount.startsWith("/") || !mount.endsWith("/") || mount.contains("//") || mount.contains("{")) {
            throw new IllegalArgumentException(
                    "expected a path with a slash at both ends, such as /files/, but was \"" + mount + "\"");
        }
        return new StaticFiles(root, mount, config, clock);
    }

    /** The pattern of its route for a router, such as <code>/files/{path...}</code>. */
    public String pattern() {
        return pattern;
    }

    /**
     * Serves one request. It may be the handler of its {@link #pattern} in a router, or handle all requests.
     *
     * @throws HttpException 404 if there is nothing to serve, 405 for other methods, 412 or 416 by the conditions or
     *     range of the request, 503 if the file changes all the time or too much is in use
     */
    @Override
    public Response handle(Request request) throws Exception {
        if (request.route().isEmpty()) {
            request.routed(pattern, Map.of());
            request.body().requireFits();
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            throw HttpException.of(405, "Method not allowed").with("Allow", "GET, HEAD");
        }
        String path = decoded(request.path());
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                CachedFile file = current(request, path);
                return file == null
                        ? look(request, path)
                        : file.form(request.headers()).response(request, clock);
            } catch (FileForm.Stale e) {
                cache.remove(path);
            }
        }
        throw FileLoader.busy();
    }

    /** Decodes once. A slash that was percent-encoded is not part of any name. */
    private static String decoded(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        String decoded = Target.decode(path);
        if (slashes(decoded) != slashes(path)) {
            throw FileLoader.notFound();
        }
        return decoded;
    }

    private static long slashes(String path) {
        return path.chars().filter(c -> c == '/').count();
    }

    /** The cached file, if it is up to date. Only one thread checks; the others do not wait for it. */
    private @Nullable CachedFile current(Request request, String path) throws Exception {
        CachedFile file = cache.get(path);
        long now = clock.nanoTime();
        if (file == null || !file.claimLook(now, config.lookNanos())) {
            return file;
        }
        return request.offload(Offload.FILES, () -> {
                    tidy(now);
                    cache.lookAhead(clock, config.lookNanos());
                    return file.isStillThere();
                })
                ? file
                : null;
    }

    /** Reads from the disk, and caches files. */
    private Response look(Request request, String path) throws Exception {
        List<String> names = names(path);
        boolean folder = path.endsWith("/");
        Found found;
        try {
            found = request.offload(Offload.FILES, () -> keep(path, loader.find(names, folder)));
        } catch (HttpException e) {
            cache.remove(path);
            throw e;
        }
        return switch (found) {
            case Found.Here(CachedFile file, boolean _) ->
                file.form(request.headers()).response(request, clock);
            case Found.NotAFile() -> withSlash(request, path);
            case Found.Folder(FileRoot.Place place) -> {
                Listing.Order order = Listing.Order.of(request);
                boolean json = Listing.wantsJson(request.headers());
                yield lists.response(request, () -> loader.list(place, order).response(names, json));
            }
        };
    }

    private Found keep(String path, Found found) throws IOException {
        tidy(clock.nanoTime());
        if (found instanceof Found.Here(CachedFile file, boolean keep) && keep) {
            cache.put(path, file);
        } else {
            cache.remove(path);
            if (found instanceof Found.Here(CachedFile file, boolean _)) {
                // No other request gets it, so nothing of it is kept open.
                file.retire();
            }
        }
        return found;
    }

    private void tidy(long now) throws IOException {
        long last = tidied.get();
        if (now - last >= TIDY_NANOS && tidied.compareAndSet(last, now)) {
            cache.closeUnused(now - UNUSED_NANOS);
            loader.tidy(now);
        }
    }

    /** Redirects to a relative location, so it can't lead to another host, whatever the names are. */
    private static Response withSlash(Request request, String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        String query = request.query().map(text -> "?" + text).orElse("");
        return Response.empty(301).with("Location", PercentEncoding.encode(name) + "/" + query);
    }

    /** The names in a decoded path below the folder; none for the folder itself. */
    private List<String> names(String path) {
        List<String> names = new ArrayList<>();
        String[] segments = path.split("/", -1);
        for (int i = 1 + mounted; i < segments.length; i++) {
            boolean end = i == segments.length - 1 && segments[i].isEmpty();
            if (!end) {
                requireServed(segments[i]);
                names.add(segments[i]);
            }
        }
        return names;
    }

    private void requireServed(String name) {
        if (name.indexOf('\0') >= 0) {
            throw HttpException.of(400, "Malformed request target: expected no NUL in its path");
        }
        if (!Listing.isServed(name, config.hidden())) {
            throw FileLoader.notFound();
        }
    }

    /** The number of bytes of memory that cached files take. */
    long cached() {
        return cache.weight();
    }
}
