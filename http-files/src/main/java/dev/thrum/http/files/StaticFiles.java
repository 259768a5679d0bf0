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
 * The files below a folder, and nothing else. Safe for concurrent use.
 *
 * <p>GET and HEAD, conditions and single ranges (RFC 9110, sections 13 and 14); folders by their {@code index.html} or as
 * a list. A path is decoded once. Names that begin with a dot, links that lead out of the folder, and what is neither
 * file nor folder are not found. A file {@code name.gz} that is not older than {@code name} goes in its place to who
 * understands gzip.
 */
public final class StaticFiles implements HttpHandler {
    /** How often an answer is begun anew because its file has changed. */
    private static final int ATTEMPTS = 5;

    /** Files that nobody asks for are closed then, and it is looked for them so often, while there are requests. */
    private static final long UNUSED_NANOS = 60_000_000_000L;

    private static final long TIDY_NANOS = 10_000_000_000L;

    private final FilesConfig config;
    private final Clock clock;
    private final int mounted;
    private final String pattern;
    private final FileLoader loader;
    private final ListingLimiter lists = new ListingLimiter();
    private final FileCache cache;

    /** The reading of the clock when it was last looked for files that nobody asks for. */
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
     * @param mount the path that stands for it, with a slash at either end; {@code /} for all paths
     * @param clock of the engine
     * @throws IOException if it is no folder, or can't be read
     */
    public static StaticFiles of(Path root, String mount, FilesConfig config, Clock clock) throws IOException {
        if (!mount.startsWith("/") || !mount.endsWith("/") || mount.contains("//") || mount.contains("{")) {
            throw new IllegalArgumentException(
                    "expected a path with a slash at either end, such as /files/, but was \"" + mount + "\"");
        }
        return new StaticFiles(root, mount, config, clock);
    }

    /** The pattern of its route, such as <code>/files/{path...}</code>. */
    public String pattern() {
        return pattern;
    }

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
                        : file.form(request.headers()).answer(request, clock);
            } catch (FileForm.Stale e) {
                cache.remove(path);
            }
        }
        throw FileLoader.busy();
    }

    /** Decodes once; what then is a slash and was none before is no part of any name. */
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

    /** What the cache has, if it is as the disk has it; only one looks, and the others need not wait for that. */
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

    /** Looks on the disk, and keeps what is a file. */
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
                file.form(request.headers()).answer(request, clock);
            case Found.NotAFile() -> withSlash(request, path);
            case Found.Folder(FileRoot.Place place) -> {
                Listing.Order order = Listing.Order.of(request);
                boolean json = Listing.wantsJson(request.headers());
                yield lists.answer(
                        request, () -> Listing.of(place, config.hidden(), order).answer(names, json));
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
                // Nobody else gets it, so nothing of it is kept open.
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

    /** Relative to the path that was asked for, so it leads to no other host whatever the names are. */
    private static Response withSlash(Request request, String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        String query = request.query().map(text -> "?" + text).orElse("");
        return Response.empty(301).with("Location", PercentEncoding.encode(name) + "/" + query);
    }

    /** The names of a decoded path below the folder; none for the folder itself. */
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

    /** How many bytes of memory files take. */
    long cached() {
        return cache.weight();
    }
}
