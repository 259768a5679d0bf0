package dev.thrum.crawl.robots;

import dev.thrum.crawl.text.Ascii;

/** A text without white space around it that grows up to a limit. Owned by the thread that reads the sitemap. */
final class BoundedText {
    private final StringBuilder text = new StringBuilder();
    private boolean isTooLong;

    /** Appends a character. */
    void append(char c) {
        if (Ascii.isSpace(c)) {
            if (!text.isEmpty() && text.length() < SitemapEntries.LONGEST) {
                text.append(c);
            }
        } else if (text.length() < SitemapEntries.LONGEST) {
            text.append(c);
        } else {
            isTooLong = true;
        }
    }

    void clear() {
        text.setLength(0);
        isTooLong = false;
    }

    /** Takes the other's text. */
    void set(BoundedText other) {
        text.setLength(0);
        text.append(other.text);
        isTooLong = other.isTooLong;
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    /** Whether it had more than {@value SitemapEntries#LONGEST} characters, and is not complete. */
    boolean isTooLong() {
        return isTooLong;
    }

    /** Whether it is a URL of the web. */
    boolean isHttp() {
        return startsWith("http://") || startsWith("https://");
    }

    private boolean startsWith(String scheme) {
        if (text.length() < scheme.length()) {
            return false;
        }
        for (int i = 0; i < scheme.length(); i++) {
            if (Ascii.lower(text.charAt(i)) != scheme.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The text, without white space around it. */
    String text() {
        return Ascii.strip(text.toString());
    }
}
