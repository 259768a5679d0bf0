package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.testkit.web.CrawlRecords;
import dev.thrum.testkit.web.WebMap;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcTargetRecord;
import org.netpreserve.jwarc.tools.ValidateTool;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a crawl has written into its folder, read by other code than the crawler's. */
final class WrittenCrawl implements CrawlRecords {
    private static final int MOST_HOPS = 50;

    private final Path folder;
    private final List<JsonNode> pages;
    private final List<JsonNode> skipped;
    private final Map<String, JsonNode> pageOf = new HashMap<>();
    private final Map<String, String> reasonOf = new HashMap<>();

    private WrittenCrawl(Path folder, List<JsonNode> pages, List<JsonNode> skipped) {
        this.folder = folder;
        this.pages = pages;
        this.skipped = skipped;
        for (JsonNode page : pages) {
            assertThat(pageOf.put(key(page, "url"), page))
                    .as("another record of this page")
                    .isNull();
        }
        for (JsonNode line : skipped) {
            String reason = text(line, "reason");
            reasonOf.put(reason.equals("malformed") ? text(line, "url") : key(line, "url"), reason);
        }
    }

    /** Reads all lines; fails if a page is there twice. */
    static WrittenCrawl read(Path folder) throws IOException {
        return new WrittenCrawl(folder, lines(folder, "pages.jsonl"), lines(folder, "skipped.jsonl"));
    }

    private static List<JsonNode> lines(Path folder, String name) throws IOException {
        JsonMapper mapper = JsonMapper.builder().build();
        String all = Files.readString(folder.resolve(name));
        assertThat(all.isEmpty() || all.endsWith("\n"))
                .as(name + " has a torn line")
                .isTrue();
        return all.lines().map(mapper::readTree).toList();
    }

    private static String text(JsonNode line, String name) {
        return line.path(name).asString("");
    }

    private static String key(JsonNode line, String name) {
        String url = text(line, name);
        return url.startsWith("http:") || url.startsWith("https:") ? WebMap.canonical(url) : url;
    }

    /** The recorded URLs of pages. */
    Set<String> urls() {
        return new TreeSet<>(pageOf.keySet());
    }

    /** The URLs of the pages that the crawl before has recorded. */
    Set<String> urlsOfEarlier() throws IOException {
        return read(folder.resolve("earlier")).urls();
    }

    /** The URLs of pages with a status that is no error. */
    Set<String> there() {
        Set<String> urls = new TreeSet<>();
        pageOf.forEach((url, page) -> {
            if (page.path("status").asInt(0) < 400 && page.has("status")) {
                urls.add(url);
            }
        });
        return urls;
    }

    /** The {@link #essence} without the pages that only a refresh knows of. */
    List<String> essenceWithoutUnlinked() throws IOException {
        return essence().stream().filter(line -> !line.endsWith(" unlinked")).toList();
    }

    /** What makes a page another one if it changes. */
    private String identity(String url) {
        JsonNode page = pageOf.getOrDefault(url, JsonMapper.shared().createObjectNode());
        return page.path("status") + text(page, "digest") + text(page, "final");
    }

    /** What has become of these pages in a later crawl, by what both have recorded. */
    CrawlCounts.Changes changesTo(WrittenCrawl after) {
        Set<String> then = there();
        Set<String> now = after.there();
        Set<String> both = new TreeSet<>(then);
        both.retainAll(now);
        long same = both.stream()
                .filter(url -> identity(url).equals(after.identity(url)))
                .count();
        return new CrawlCounts.Changes(now.size() - both.size(), both.size() - same, same, then.size() - both.size());
    }

    /** When each page was fetched. */
    Map<String, String> fetched() {
        Map<String, String> times = new TreeMap<>();
        pageOf.forEach((url, page) -> times.put(url, text(page, "fetched")));
        return times;
    }

    /** The values of a member of the pages, and how many have each. */
    Map<String, Integer> values(String member) {
        Map<String, Integer> values = new TreeMap<>();
        pages.stream()
                .filter(page -> page.has(member))
                .forEach(page -> values.merge(text(page, member), 1, Integer::sum));
        return values;
    }

    /** The text of a member of a page; empty if it has none. */
    String member(String url, String name) {
        return text(pageOf.getOrDefault(url, JsonMapper.shared().createObjectNode()), name);
    }

    /** The URLs that were left out for this reason. */
    Set<String> skippedFor(String reason) {
        Set<String> urls = new TreeSet<>();
        reasonOf.forEach((url, why) -> {
            if (why.equals(reason)) {
                urls.add(url);
            }
        });
        return urls;
    }

    /** The targets of the links of each page that has some, in their order, without fragments. */
    Map<String, List<String>> links() throws IOException {
        return lines(folder, "links.jsonl").stream()
                .collect(Collectors.groupingBy(
                        link -> key(link, "from"), Collectors.mapping(link -> key(link, "to"), Collectors.toList())));
    }

    int pageCount() {
        return pages.size();
    }

    /**
     * What two crawls of the same web must have in common, in an order that does not depend on theirs: of each page the
     * URL, status, title, digest
     * and links, and of each URL that was left out the reason.
     */
    List<String> essence() throws IOException {
        Map<String, List<String>> links = links();
        Function<JsonNode, String> page =
                line -> "page " + key(line, "url") + " " + line.path("status") + " " + text(line, "title") + " "
                        + text(line, "digest") + " " + links.getOrDefault(key(line, "url"), List.of());
        List<String> essence = new ArrayList<>();
        pages.stream().map(page).sorted().forEach(essence::add);
        skipped.stream()
                .map(line -> "skipped " + key(line, "url") + " " + text(line, "reason"))
                .sorted()
                .forEach(essence::add);
        return essence;
    }

    /** How many responses the WARC files have of each URL. */
    Map<String, Integer> archived() throws IOException {
        return archived("response", "revisit");
    }

    /** How many records of these types the WARC files have of each URL. */
    Map<String, Integer> archived(String... types) throws IOException {
        Map<String, Integer> count = new TreeMap<>();
        forEachRecord(Set.of(types), (_, url) -> count.merge(url, 1, Integer::sum));
        return count;
    }

    /** The URLs with a record of this profile of {@code revisit}, or of type {@code response}. */
    Set<String> records(String kind) throws IOException {
        Set<String> urls = new TreeSet<>();
        forEachRecord(Set.of("response", "revisit"), (record, url) -> {
            String profile = record.headers().first("WARC-Profile").orElse(record.type());
            if (profile.endsWith(kind)) {
                urls.add(url);
            }
        });
        return urls;
    }

    private void forEachRecord(Set<String> types, BiConsumer<WarcTargetRecord, String> receiver) throws IOException {
        for (Path file : warcFiles()) {
            try (WarcReader reader = new WarcReader(file)) {
                reader.onWarning(warning -> {
                    throw new AssertionError(file + ": " + warning);
                });
                for (Optional<WarcRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
                    if (next.get() instanceof WarcTargetRecord target && types.contains(target.type())) {
                        receiver.accept(target, WebMap.canonical(target.target()));
                    }
                }
            }
        }
    }

    List<Path> warcFiles() throws IOException {
        try (var entries = Files.list(folder.resolve("warc"))) {
            return entries.sorted().toList();
        }
    }

    /** What {@code jwarc validate} says of a file. */
    static boolean isValid(Path file) {
        try {
            MethodHandle validate = MethodHandles.privateLookupIn(ValidateTool.class, MethodHandles.lookup())
                    .findVirtual(ValidateTool.class, "validate", MethodType.methodType(boolean.class, Path.class));
            return (boolean) validate.invokeExact(new ValidateTool(false), file);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Optional<Page> page(String url) {
        return Optional.ofNullable(pageOf.get(url))
                .map(line -> new Page(
                        line.path("status").asInt(0),
                        line.has("truncated"),
                        line.has("error"),
                        line.has("title") ? text(line, "title") : null,
                        end(line),
                        line.has("duplicateOf") ? key(line, "duplicateOf") : null));
    }

    /** Where redirects have led to: each of them has a record that names the next URL. */
    private String end(JsonNode first) {
        String url = key(first, "final");
        for (int hops = 0; hops < MOST_HOPS; hops++) {
            JsonNode next = pageOf.get(url);
            if (next == null || !next.has("final") || key(next, "final").equals(url)) {
                return url;
            }
            url = key(next, "final");
        }
        return url;
    }

    @Override
    public Optional<String> skipped(String url) {
        return Optional.ofNullable(reasonOf.get(url));
    }
}
