package dev.thrum.http.files;

import dev.thrum.http.Acceptance;
import dev.thrum.http.Headers;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.files.FileRoot.Place;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a folder: files and folders that can be requested by their names. Immutable.
 *
 * @param entries in the requested order, folders first
 * @param complete whether the folder was read to its end
 * @param leftOut the number of names that were read and left out, apart from hidden ones: they can't be requested, or
 *     lead to nothing that is served
 */
record Listing(List<Entry> entries, Order order, boolean complete, int leftOut) {
    /** The maximum number of entries that are read. */
    static final int MOST = 10_000;

    private static final char DELETE = 0x7f;
    private static final char FIRST_ABOVE_C1 = 0xa0;

    Listing {
        entries = List.copyOf(entries);
    }

    /** A file or folder. */
    record Entry(String name, boolean folder, long size, Instant modified) {}

    /** The column that entries are sorted by. */
    enum Key {
        NAME,
        SIZE,
        DATE;

        /** Its name in the query. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How entries are sorted. */
    record Order(Key key, boolean descending) {
        private static final Comparator<Entry> BY_NAME =
                Comparator.comparing(Entry::name, String.CASE_INSENSITIVE_ORDER).thenComparing(Entry::name);

        /**
         * The order that a request asks for with {@code ?sort=name|size|date&order=asc|desc}; by name if there is no
         * valid key.
         */
        static Order of(Request request) {
            String wanted = request.parameter("sort").orElse("");
            Key key = Key.NAME;
            for (Key known : Key.values()) {
                key = known.word().equals(wanted) ? known : key;
            }
            return new Order(key, request.parameter("order").orElse("").equals("desc"));
        }

        Comparator<Entry> comparator() {
            Comparator<Entry> comparator = switch (key) {
                case NAME -> BY_NAME;
                case SIZE -> Comparator.comparingLong(Entry::size).thenComparing(BY_NAME);
                case DATE -> Comparator.comparing(Entry::modified).thenComparing(BY_NAME);
            };
            return Comparator.comparing((Entry entry) -> !entry.folder())
                    .thenComparing(descending ? comparator.reversed() : comparator);
        }
    }

    /** Reads a folder. May block. */
    static Listing of(Place place, boolean hidden, Order order) throws IOException {
        if (place.real().equals(place.top())) {
            try (DirectoryStream<Path> names = Files.newDirectoryStream(place.top())) {
                return read(place, names, hidden, order);
            }
        }
        return FileRoot.visit(place, (folder, name) -> {
            try (DirectoryStream<Path> names = folder == null
                    ? Files.newDirectoryStream(name)
                    : folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                return read(place, names, hidden, order);
            }
        });
    }

    static Listing read(Place place, DirectoryStream<Path> names, boolean hidden, Order order) throws IOException {
        try {
            return entries(place, names, hidden, order);
        } catch (DirectoryIteratorException e) {
            // The disk has failed.
            throw e.getCause();
        }
    }

    private static Listing entries(Place place, DirectoryStream<Path> names, boolean hidden, Order order) {
        SecureDirectoryStream<Path> folder = names instanceof SecureDirectoryStream<Path> secure ? secure : null;
        List<Entry> entries = new ArrayList<>();
        boolean complete = true;
        int read = 0;
        int leftOut = 0;
        for (Path path : names) {
            if (read++ == MOST) {
                complete = false;
                break;
            }
            Path name = path.getFileName();
            if (name == null || (!hidden && name.toString().startsWith("."))) {
                continue;
            }
            Entry entry = isServed(name.toString(), hidden) ? entry(place, folder, name) : null;
            if (entry == null) {
                leftOut++;
            } else {
                entries.add(entry);
            }
        }
        entries.sort(order.comparator());
        return new Listing(entries, order, complete, leftOut);
    }

    private static @Nullable Entry entry(Place place, @Nullable SecureDirectoryStream<Path> folder, Path name) {
        try {
            BasicFileAttributes attributes = FileRoot.view(
                            folder, folder == null ? place.real().resolve(name) : name)
                    .readAttributes();
            if (attributes.isSymbolicLink()) {
                Path real = place.real().resolve(name).toRealPath();
                if (!real.startsWith(place.top())) {
                    return null;
                }
                attributes = Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            }
            if (!attributes.isDirectory() && !attributes.isRegularFile()) {
                return null;
            }
            return new Entry(
                    name.toString(),
                    attributes.isDirectory(),
                    attributes.isDirectory() ? 0 : attributes.size(),
                    attributes.lastModifiedTime().toInstant());
        } catch (IOException e) {
            // It was deleted meanwhile, or is a link without a target.
            return null;
        }
    }

    /** Whether a name in a folder can be requested at all. */
    static boolean isServed(String name, boolean hidden) {
        boolean special = name.isEmpty() || name.equals(".") || name.equals("..");
        return !special
                && (hidden || !name.startsWith("."))
                && name.chars()
                        .noneMatch(c -> c < ' '
                                || (c >= DELETE && c < FIRST_ABOVE_C1)
                                || c == '\\'
                                || c == '/'
                                || c == '\ufffd');
    }

    /** Whether the client asks for JSON, and does not prefer HTML. */
    static boolean wantsJson(Headers headers) {
        return Acceptance.of(headers).names("application/json", "text/html");
    }

    /** The response that shows it. */
    Response response(List<String> names, boolean json) {
        Headers common = Headers.builder()
                .add("Vary", "Accept")
                .add("Cache-Control", "no-cache")
                .build();
        return json ? ListingJson.response(this, common) : ListingPage.response(this, names, common);
    }
}
