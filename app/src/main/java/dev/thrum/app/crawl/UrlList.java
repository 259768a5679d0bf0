package dev.thrum.app.crawl;

import static java.util.Objects.requireNonNull;

import dev.thrum.app.cli.Flags;
import dev.thrum.base.IoWords;
import dev.thrum.base.Plural;
import dev.thrum.base.Printable;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.client.url.UrlException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The URLs of a command line and of the file that {@code -i} names, each once.
 *
 * @param urls those that are well-formed, in order
 * @param malformed the texts that are none, with what is wrong
 * @param repeated how many were named again
 */
record UrlList(List<Url> urls, Map<String, String> malformed, int repeated) {
    private static final String STANDARD_INPUT = "-";
    private static final int SHOWN = 200;

    UrlList {
        urls = List.copyOf(urls);
        malformed = new LinkedHashMap<>(malformed);
    }

    /**
     * Reads them.
     *
     * @param typed the arguments
     * @param file one URL on each line; blank lines and those that begin with {@code #} are skipped. {@code -} is the standard
     *     input, null no file
     * @throws IllegalArgumentException if there is no URL, or the file can't be read
     */
    static UrlList read(List<String> typed, @Nullable String file) {
        List<String> texts = new ArrayList<>(typed);
        if (file != null) {
            List<String> lines = lines(file);
            if (lines.isEmpty()) {
                throw new IllegalArgumentException(
                        "expected a URL on each line of " + file + " but there is none in it");
            }
            texts.addAll(lines);
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("expected a URL, or -i with a file of URLs, but was given none");
        }
        return parsed(texts);
    }

    private static UrlList parsed(List<String> texts) {
        Map<String, Url> urls = new LinkedHashMap<>();
        Map<String, String> malformed = new LinkedHashMap<>();
        for (String text : texts) {
            try {
                Url url = Url.parse(text);
                urls.putIfAbsent(url.withoutFragment().href(), url);
            } catch (UrlException e) {
                malformed.putIfAbsent(text, String.valueOf(e.getMessage()));
            }
        }
        return new UrlList(new ArrayList<>(urls.values()), malformed, texts.size() - urls.size() - malformed.size());
    }

    private static List<String> lines(String file) {
        try (InputStream in = file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Flags.file("-i", file));
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()))) {
            return reader.lines()
                    .map(line -> line.startsWith("\ufeff") ? line.substring(1) : line)
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (UncheckedIOException e) {
            throw unreadable(file, requireNonNull(e.getCause()));
        }
    }

    private static IllegalArgumentException unreadable(String file, IOException e) {
        String reason = e instanceof CharacterCodingException ? "it is not UTF-8" : IoWords.of(e);
        return new IllegalArgumentException("expected to read URLs from " + file + " but could not: " + reason, e);
    }

    /** The message for a text that is no URL. */
    static String fault(String text, String reason) {
        return Printable.excerpt(text, SHOWN) + ": " + Printable.of(reason);
    }

    /** A line about repeated URLs. */
    String repetition() {
        return Plural.of(repeated, "URL was", "URLs were") + " named again and is fetched once";
    }
}
