package dev.thrum.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Pages of about 17 KB that link to each other, in several parts: a part is what a host of its own has, and links only to itself. From its first
 * page, each page of a part can be reached. The same in every run.
 */
public final class LinkedPages {
    private static final int SEED = 4712;
    private static final int LINKS = 30;
    private static final int PARAGRAPHS = 27;
    private static final int WORDS = 60;
    private static final int VOCABULARY = 8_000;

    private final Random random = new Random(SEED);
    private final int pages;

    private LinkedPages(int pages) {
        this.pages = pages;
    }

    /**
     * Writes parts into folders of these numbers.
     *
     * @param pages of each part
     * @return the sum of their sizes, in bytes
     */
    public static long write(Path folder, int parts, int pages) throws IOException {
        LinkedPages writer = new LinkedPages(pages);
        long bytes = 0;
        for (int part = 0; part < parts; part++) {
            Path own = Files.createDirectory(folder.resolve(Integer.toString(part)));
            for (int number = 0; number < pages; number++) {
                byte[] page = writer.page(part, number).getBytes(StandardCharsets.UTF_8);
                Files.write(own.resolve(number + ".html"), page);
                bytes += page.length;
            }
        }
        return bytes;
    }

    /** Pages of one part, in UTF-8. */
    public static List<byte[]> inMemory(int pages) {
        LinkedPages writer = new LinkedPages(pages);
        return IntStream.range(0, pages)
                .mapToObj(number -> writer.page(0, number).getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** A word that may be in a page: a page has about a fifth of all. */
    public static String word(int number) {
        return "word" + Math.floorMod(number, VOCABULARY);
    }

    /** The path of the first page of a part. */
    public static String first(int part) {
        return "/" + part + "/0.html";
    }

    private String page(int part, int number) {
        StringBuilder page = new StringBuilder(
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Page ");
        page.append(number).append(" of part ").append(part).append("</title>\n</head>\n<body>\n<nav><ul>\n");
        for (int link = 0; link < LINKS; link++) {
            // The first two make a tree of all pages.
            int target = link < 2 ? (2 * number + 1 + link) % pages : random.nextInt(pages);
            page.append("<li><a href=\"").append(target).append(".html\" title=\"to a page\">");
            words(page, 3);
            page.append("</a></li>\n");
        }
        page.append("</ul></nav>\n<main>\n<h1>");
        words(page, 5);
        page.append("</h1>\n");
        for (int paragraph = 0; paragraph < PARAGRAPHS; paragraph++) {
            page.append("<p class=\"text\">");
            words(page, WORDS);
            page.append("</p>\n");
        }
        return page.append("</main>\n</body>\n</html>\n").toString();
    }

    private void words(StringBuilder page, int number) {
        for (int i = 0; i < number; i++) {
            page.append(i == 0 ? "" : " ").append(word(random.nextInt(VOCABULARY)));
        }
    }
}
