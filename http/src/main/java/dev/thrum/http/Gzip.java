package dev.thrum.http;

import dev.thrum.http.Response.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses responses for clients that accept gzip (RFC 9110, 8.4.1.3 and 12.5.3). Safe for concurrent use.
 *
 * <p>Compressed are text, JSON, XML, YAML, JavaScript and SVG from 1 KiB up, or of unknown length, that have no {@code
 * Content-Encoding} yet; not parts of files, and not status 206. Such responses get {@code Vary: Accept-Encoding}, even
 * if they are sent uncompressed; a strong {@code ETag} becomes weak (RFC 9110, 8.8.3.3). Streams are compressed on the
 * thread of the handler as they are written, and each of their flushes is passed on. Bodies in memory from 32 KiB up
 * are compressed in {@link Request#offload}, four at a time, so that no event loop is blocked.
 *
 * <p>Over TLS, what a page of another site has made a browser request is not compressed: its length could give secrets away.
 */
public final class Gzip implements HttpFilter {
    /** A smaller body fits into a packet anyway. */
    private static final int SMALLEST = 1_024;

    private static final int LONG = 32 * 1024;
    private static final int BUFFER = 4 * 1024;

    /**
     * At most this many long responses are compressed at a time: on engine {@code threads} nothing else bounds the
     * memory of the deflaters.
     */
    private static final int AT_ONCE = 4;

    private static final Set<String> TYPES = Set.of(
            "application/json",
            "application/javascript",
            "application/xml",
            "application/yaml",
            "application/manifest+json",
            "image/svg+xml");

    private final Semaphore compressing = new Semaphore(AT_ONCE, true);

    @Override
    public Response apply(Request request, HttpHandler next) throws Exception {
        Response response = next.handle(request);
        if (!isWorthIt(response)) {
            return response;
        }
        // Also if it is not compressed: a cache must not send one form to a client that accepts only the other.
        Response varying = response.headers().hasElement("Vary", "Accept-Encoding")
                ? response
                : response.and("Vary", "Accept-Encoding");
        return accepts(request.headers()) && !isFromAnotherSite(request) ? compressed(request, varying) : varying;
    }

    /**
     * Whether a page of another site has made a browser send this over TLS. If that page chooses a part of the response, the
     * compressed length tells it what else the response says (the attack BREACH). Older browsers only name the page.
     */
    private static boolean isFromAnotherSite(Request request) {
        if (!request.isSecure()) {
            return false;
        }
        Optional<String> site = request.header("Sec-Fetch-Site");
        if (site.isPresent()) {
            return !site.get().equals("same-origin") && !site.get().equals("none");
        }
        return request.header("Referer")
                .filter(page -> !page.startsWith("https://" + request.authority() + "/"))
                .isPresent();
    }

    private static boolean isWorthIt(Response response) {
        Headers headers = response.headers();
        boolean large = switch (response.content()) {
            case Content.Bytes here -> !here.finished() && here.bytes().length >= SMALLEST;
            case Content.Region _ -> false;
            case Content.Stream stream -> stream.length() < 0 || stream.length() >= SMALLEST;
        };
        return large
                && Status.allowsBody(response.status())
                && response.status() != 206
                && !headers.contains("Content-Encoding")
                && isCompressible(headers.mediaType());
    }

    private static boolean isCompressible(String type) {
        return type.startsWith("text/") || type.endsWith("+json") || type.endsWith("+xml") || TYPES.contains(type);
    }

    /**
     * Whether a client accepts gzip and does not prefer an uncompressed response, by its field {@code Accept-Encoding}.
     */
    public static boolean accepts(Headers headers) {
        double gzip = -1;
        double any = 0;
        double plain = 0;
        for (String element : headers.elements("Accept-Encoding")) {
            int end = element.indexOf(';');
            String coding =
                    (end < 0 ? element : element.substring(0, end)).strip().toLowerCase(Locale.ROOT);
            double weight = end < 0 ? 1 : Acceptance.weightOf(element);
            switch (coding) {
                case "gzip", "x-gzip" -> gzip = gzip < 0 ? weight : gzip;
                case "identity" -> plain = weight;
                case "*" -> any = weight;
                default -> {}
            }
        }
        double wanted = gzip < 0 ? any : gzip;
        return wanted > 0 && wanted >= plain;
    }

    private Response compressed(Request request, Response response) throws Exception {
        Content content = switch (response.content()) {
            case Content.Bytes here ->
                new Content.Bytes(
                        here.bytes().length < LONG ? compress(here.bytes()) : offloaded(request, here.bytes()));
            case Content.Stream stream -> new Content.Stream(BodySource.UNKNOWN, out -> compress(stream, out));
            case Content.Region region -> region;
        };
        return weaker(response).withContent(content).with("Content-Encoding", "gzip");
    }

    private byte[] offloaded(Request request, byte[] bytes) throws Exception {
        compressing.acquire();
        try {
            return request.offload(() -> compress(bytes));
        } finally {
            compressing.release();
        }
    }

    /** The memory of the deflater is native, so it is freed however this ends. */
    private static void compress(Content.Stream stream, OutputStream out) throws Exception {
        Deflating gzip = new Deflating(out);
        try {
            CountedOutput counted = new CountedOutput(gzip, stream.length());
            stream.writer().write(counted);
            counted.requireAll();
            gzip.finish();
        } finally {
            gzip.end();
        }
    }

    private static final class Deflating extends GZIPOutputStream {
        Deflating(OutputStream out) throws IOException {
            super(out, BUFFER, true);
        }

        void end() {
            def.end();
        }
    }

    /** Two encodings of one representation differ in their bytes (RFC 9110, 8.8.3.3). */
    private static Response weaker(Response response) {
        return response.headers()
                .first("ETag")
                .filter(tag -> !tag.startsWith("W/"))
                .map(tag -> response.with("ETag", "W/" + tag))
                .orElse(response);
    }

    private static byte[] compress(byte[] bytes) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream(bytes.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(all, BUFFER)) {
            gzip.write(bytes);
        }
        return all.toByteArray();
    }
}
