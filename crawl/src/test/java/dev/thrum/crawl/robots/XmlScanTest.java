package dev.thrum.crawl.robots;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.robots.SitemapReader.Outcome;
import dev.thrum.testkit.scripted.Mutations;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.junit.jupiter.api.Test;

/** The scan against the JDK's parser: where that finds no fault, both have the same entries. */
final class XmlScanTest {
    private static final String[] PARTS = {
        "<url>",
        "</url>",
        "<loc>",
        "</loc>",
        "<sitemap>",
        "</sitemap>",
        "<x:loc>",
        "</x:loc>",
        "<loc/>",
        "<url/>",
        "<x y='z'>",
        "</x>",
        "<x y=\"'>\" z='&quot;'/>",
        "a",
        " b ",
        "\n",
        "&amp;",
        "&#65;",
        "&#x42;",
        "&lt;",
        "&#x1F600;",
        "&nbsp;",
        "&",
        "é",
        "]]",
        ">",
        "<",
        "<![CDATA[",
        "]]>",
        "<![CDATA[c&d<]]>",
        "<!-- c -->",
        "<!--",
        "-->",
        "<?p q?>",
        "<?",
        "?>",
        "<url><loc>u</loc></url>",
        "<sitemap><loc>s</loc></sitemap>",
        "<url>\n <loc> v</loc></url>",
        "\0",
        "<!x>",
        "'",
        "\"",
        "/",
        "="
    };

    private static final String[] PROLOGS = {
        "",
        "<?xml version='1.0'?>",
        "<!-- x -->\n",
        "<!DOCTYPE urlset>",
        "<!DOCTYPE urlset [<!ELEMENT a ANY> <!-- ' -->]>\n"
    };

    @Test
    void scan_ofAnyDocument_agreesWithTheJdk() {
        Random random = new Random(4711);
        int wellFormed = 0;
        int cases = Mutations.count(30_000, 1_000_000);
        for (int i = 0; i < cases; i++) {
            String document = document(random);
            List<String> expected = new ArrayList<>();
            boolean isWellFormed = parse(document, expected);
            Collected read = Collected.of(document.getBytes(UTF_8));
            if (isWellFormed) {
                wellFormed++;
                assertThat(read.entries()).as(document).isEqualTo(expected);
                assertThat(read.end().outcome()).as(document).isEqualTo(Outcome.COMPLETE);
            } else {
                assertThat(new Collected(expected, read.end()).begins(read.entries()))
                        .as(document)
                        .isTrue();
            }
        }
        assertThat(wellFormed).isGreaterThan(cases / 20);
    }

    /** A document of a few whole elements, often with something in the middle. */
    private static String document(Random random) {
        StringBuilder body = new StringBuilder();
        for (int left = random.nextInt(4); left > 0; left--) {
            body.append(element(random, 0));
        }
        if (random.nextInt(3) == 0) {
            body.insert(random.nextInt(body.length() + 1), PARTS[random.nextInt(PARTS.length)]);
        }
        return PROLOGS[random.nextInt(PROLOGS.length)] + "<urlset>" + body + "</urlset>";
    }

    private static String element(Random random, int depth) {
        String[] names = {"url", "loc", "sitemap", "x", "y:loc", "url"};
        String name = depth == 1 && random.nextBoolean() ? "loc" : names[random.nextInt(names.length)];
        StringBuilder content = new StringBuilder();
        for (int left = random.nextInt(4); left > 0; left--) {
            content.append(
                    depth < 3 && random.nextBoolean() ? element(random, depth + 1) : PARTS[13 + random.nextInt(8)]);
        }
        return "<" + name + ">" + content + "</" + name + ">";
    }

    /** Adds the entries; false if the document has a fault. */
    private static boolean parse(String document, List<String> entries) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
        List<String> open = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(document));
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        open.add(reader.getLocalName().replaceFirst(".*:", ""));
                        text.setLength(0);
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                    case XMLStreamConstants.END_ELEMENT -> {
                        addEntry(open, text.toString().strip(), entries);
                        open.removeLast();
                    }
                    default -> {
                        // Comments and instructions.
                    }
                }
            }
            return true;
        } catch (XMLStreamException _) {
            return false;
        }
    }

    private static void addEntry(List<String> open, String text, List<String> entries) {
        if (open.size() == 3 && open.get(2).equals("loc") && !text.isEmpty()) {
            switch (open.get(1)) {
                case "url" -> entries.add(text);
                case "sitemap" -> entries.add("[" + text + "]");
                default -> {
                    // No entry.
                }
            }
        }
    }
}
