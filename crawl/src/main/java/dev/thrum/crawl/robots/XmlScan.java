package dev.thrum.crawl.robots;

import static dev.thrum.crawl.robots.XmlInput.EOF;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pull parser for the little of XML 1.0 that sitemaps and feeds consist of: elements, text and a few attributes.
 * Owned by the thread that reads the sitemap.
 *
 * <p>It knows no entities but the five of XML. A document type is skipped, so there is nothing that could be fetched or
 * expanded. What it keeps is bounded, whatever the document contains; the parser of the JDK keeps comments, attributes
 * and CDATA sections whole, which in a sitemap of the permitted size can be 100 MB of memory. Faults that have no
 * effect on texts and elements, such as two hyphens within a comment, are not noticed.
 */
final class XmlScan {
    /** What {@link #next} has found. */
    enum Event {
        START,
        END,
        END_OF_ROOT
    }

    private static final int DEEPEST = 256;

    private final XmlInput in;
    private final Set<String> wanted;
    private final List<String> open = new ArrayList<>();
    private final StringBuilder name = new StringBuilder();
    private final Map<String, BoundedText> attributes = new HashMap<>();
    private final BoundedText text = new BoundedText();
    private String local = "";

    /** Whether the tag that was read last is an end tag as well. */
    private boolean isEmptyElement;

    /**
     * A parser.
     *
     * @param wanted the names of the attributes that are kept
     */
    XmlScan(Reader in, Set<String> wanted) {
        this.in = new XmlInput(in);
        this.wanted = wanted;
    }

    /**
     * Goes on to the next start or end of an element.
     *
     * @throws MalformedSitemapException if the document is not well-formed, or ends before its root does
     */
    Event next() throws IOException {
        if (isEmptyElement) {
            isEmptyElement = false;
            return end();
        }
        while (true) {
            int c = in.readWithin("the root element");
            if (c == '<') {
                Event event = markup();
                if (event != null) {
                    return event;
                }
            } else {
                content(c);
            }
        }
    }

    /** The name of the element that starts or ends, without a prefix. */
    String local() {
        return local;
    }

    /** How many elements are open, without one that has ended and with one that has started. */
    int depth() {
        return open.size();
    }

    /** The name of an open element without a prefix; the root is at 0. */
    String openAt(int depth) {
        return localOf(open.get(depth));
    }

    /** The text since the last tag that started an element. */
    BoundedText text() {
        return text;
    }

    /** An attribute of the element that started last; null if it has none of this name, or it is not wanted. */
    @Nullable
    BoundedText attribute(String attribute) {
        return attributes.get(attribute);
    }

    private void content(int c) throws IOException {
        if (!open.isEmpty()) {
            append(c, text);
        } else if (!XmlInput.isSpace(c) && c != '\ufeff') {
            throw new MalformedSitemapException("expected an element but was " + XmlInput.shown(c));
        }
    }

    /** Appends a character, or the one that a reference beginning with it stands for. */
    private void append(int c, BoundedText target) throws IOException {
        if (c != '&') {
            target.append(XmlInput.requireLegal(c));
            return;
        }
        int codePoint = in.readReference();
        if (Character.isSupplementaryCodePoint(codePoint)) {
            target.append(Character.highSurrogate(codePoint));
            target.append(Character.lowSurrogate(codePoint));
        } else {
            target.append((char) codePoint);
        }
    }

    /** What a less-than sign begins; null if it is neither the start nor the end of an element. */
    private @Nullable Event markup() throws IOException {
        int c = in.read();
        switch (c) {
            case '/' -> {
                int after = in.readName(in.read(), name);
                XmlInput.require(in.afterSpace(after), '>');
                if (open.isEmpty() || !open.getLast().contentEquals(name)) {
                    throw new MalformedSitemapException(
                            "expected another end tag but was one of " + XmlInput.shown(name));
                }
                return end();
            }
            case '?' -> in.skipPast('?', 1, "an instruction");
            case '!' -> declaration();
            default -> {
                return start(c);
            }
        }
        return null;
    }

    private Event end() {
        local = localOf(open.removeLast());
        return open.isEmpty() ? Event.END_OF_ROOT : Event.END;
    }

    private Event start(int first) throws IOException {
        int c = in.afterSpace(in.readName(first, name));
        if (open.size() == DEEPEST) {
            throw new MalformedSitemapException("expected at most " + DEEPEST + " elements within each other");
        }
        open.add(name.toString());
        local = localOf(open.getLast());
        text.clear();
        attributes.clear();
        while (c != '>' && c != '/') {
            readAttribute(c);
            c = in.readAfterSpace();
        }
        if (c == '/') {
            XmlInput.require(in.read(), '>');
            isEmptyElement = true;
        }
        return Event.START;
    }

    private void readAttribute(int first) throws IOException {
        XmlInput.require(in.afterSpace(in.readName(first, name)), '=');
        int quote = in.readAfterSpace();
        if (quote != '"' && quote != '\'') {
            throw new MalformedSitemapException("expected a value in quotation marks but was " + XmlInput.shown(quote));
        }
        BoundedText value = new BoundedText();
        int c = in.read();
        while (c != quote) {
            if (c == '<' || c == EOF) {
                throw new MalformedSitemapException("expected the end of an attribute but was " + XmlInput.shown(c));
            }
            append(c, value);
            c = in.read();
        }
        String attribute = name.toString();
        if (wanted.contains(attribute)) {
            attributes.put(attribute, value);
        }
    }

    private void declaration() throws IOException {
        int c = in.read();
        if (c == '-') {
            in.require("-");
            in.skipPast('-', 2, "a comment");
        } else if (c == '[' && !open.isEmpty()) {
            in.require("CDATA[");
            appendCharacters();
        } else if (c == 'D' && open.isEmpty()) {
            in.require("OCTYPE");
            skipDocumentType();
        } else {
            throw new MalformedSitemapException("expected an element, a comment or a CDATA section but was "
                    + XmlInput.shown("<!" + (c == EOF ? "" : Character.toString(c))));
        }
    }

    /** Appends the text of a CDATA section. */
    private void appendCharacters() throws IOException {
        int brackets = 0;
        while (true) {
            int c = in.readWithin("a CDATA section");
            if (c == ']') {
                brackets++;
                continue;
            }
            boolean isEnd = c == '>' && brackets >= 2;
            for (int pending = isEnd ? brackets - 2 : brackets; pending > 0; pending--) {
                text.append(']');
            }
            if (isEnd) {
                return;
            }
            brackets = 0;
            text.append(XmlInput.requireLegal(c));
        }
    }

    /** Skips a document type and its declarations, without a look at what they declare. */
    private void skipDocumentType() throws IOException {
        int nested = 0;
        while (true) {
            int c = in.readWithin("the document type");
            switch (c) {
                case '"', '\'' -> skipQuoted(c);
                case '<' -> nested += skipNonDeclaration() ? 0 : 1;
                case '>' -> {
                    if (nested == 0) {
                        return;
                    }
                    nested--;
                }
                default -> {
                    // Names and brackets.
                }
            }
        }
    }

    /** Skips a comment or an instruction within a document type; false if a declaration begins instead. */
    private boolean skipNonDeclaration() throws IOException {
        int c = in.read();
        if (c == '?') {
            in.skipPast('?', 1, "an instruction");
            return true;
        }
        if (c == '!' && in.peek() == '-') {
            in.require("--");
            in.skipPast('-', 2, "a comment");
            return true;
        }
        return false;
    }

    private void skipQuoted(int quote) throws IOException {
        int c = quote;
        do {
            c = in.readWithin("a literal");
        } while (c != quote);
    }

    private static String localOf(String qualified) {
        return qualified.substring(qualified.lastIndexOf(':') + 1);
    }
}
