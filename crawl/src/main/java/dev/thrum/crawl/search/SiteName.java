package dev.thrum.crawl.search;

import dev.thrum.http.client.url.Url;
import dev.thrum.http.client.url.UrlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The hosts that {@code site:} accepts. */
final class SiteName {
    /** A name has at most 127 labels (RFC 1035). */
    private static final int MOST_LABELS = 128;

    private SiteName() {}

    /** All names by which a host is found: with its port, without, and each domain that it is in. */
    static List<String> all(String host) {
        List<String> names = new ArrayList<>();
        names.add(host);
        String name = withoutPort(host);
        if (!name.equals(host)) {
            names.add(name);
        }
        if (!isAddress(name)) {
            int dot = name.indexOf('.');
            while (dot >= 0 && dot + 1 < name.length() && names.size() < MOST_LABELS) {
                names.add(name.substring(dot + 1));
                dot = name.indexOf('.', dot + 1);
            }
        }
        return names;
    }

    /** The name that a user means: a host in any spelling, with or without a port, or the URL of a page. */
    static String typed(String text) {
        try {
            return Url.parse(text.contains("://") ? text : "http://" + text).hostAndPort();
        } catch (UrlException e) {
            return text.toLowerCase(Locale.ROOT);
        }
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    private static boolean isAddress(String name) {
        return name.startsWith("[") || name.matches("[0-9.]+");
    }
}
