package dev.thrum.crawl.text;

import dev.thrum.http.client.url.QueryEncoder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The encoders for the queries of links, by the encoding of their page. A browser sends the query of a link in the
 * encoding of the page that it is on, so {@code ?q=ü} asks for another resource on a page in windows-1252 than on one
 * in UTF-8. Thread-safe. Encoders are made when they are first needed, and kept.
 */
public final class QueryEncoders {
    private static final Encoding EUC_JP = new Encoding("EUC-JP", DoubleBytes.eucJp());

    private final Map<String, QueryEncoder> made = new ConcurrentHashMap<>();

    /** The encoder for pages with this encoding: UTF-8's for UTF-16, as in browsers ("get an output encoding"). */
    public QueryEncoder of(Encoding encoding) {
        return encoding.equals(Encoding.UTF8)
                ? QueryEncoder.UTF_8
                : made.computeIfAbsent(encoding.name(), _ -> make(encoding));
    }

    private static QueryEncoder make(Encoding encoding) {
        return switch (encoding.name()) {
            case "UTF-8", "UTF-16BE", "UTF-16LE", "replacement" -> QueryEncoder.UTF_8;
            case "gb18030" -> new Gb18030QueryEncoder(TableQueryEncoder.of(encoding));
            case "ISO-2022-JP" -> new Iso2022JpQueryEncoder(TableQueryEncoder.of(EUC_JP));
            default -> TableQueryEncoder.of(encoding);
        };
    }
}
