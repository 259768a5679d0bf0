package dev.thrum.crawl.html;

import dev.thrum.crawl.html.Link.Kind;
import dev.thrum.crawl.html.Tag.Trait;
import dev.thrum.crawl.html.TextCollector.Reading;
import dev.thrum.crawl.text.Ascii;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One scan of a page. Owned by the thread that runs it. */
final class Scan {
    private static final String COMMENT = "<!--";
    private static final String SECTION = "<![CDATA[";
    private static final int NO_LINK = -1;

    private final PageBytes page;
    private final int to;
    private final String agent;
    private final boolean withText;

    private final References references;
    private final TagReader tag;
    private final OpenElements open = new OpenElements();
    private final TextCollector linkText;
    private final TextCollector headings;
    private final TextCollector text;

    private final List<Link> links = new ArrayList<>();
    private @Nullable String title;
    private @Nullable String base;
    private @Nullable String canonical;
    private Directives directives = Directives.NONE;

    private int at;
    /** The place in the list of the anchor whose text is being collected. */
    private int anchor = NO_LINK;
    /** The number of open cells around it. */
    private int anchorCells;
    /** The number of open elements at it if it is one of SVG, with which it ends; 0 if it is one of HTML. */
    private int anchorDepth;

    private Frames frames = Frames.POSSIBLE;
    private int framesets;

    /**
     * A scan.
     *
     * @param room for the text; nobody else uses it
     */
    Scan(PageBytes page, String agent, boolean withText, byte[] room) {
        this.page = page;
        this.to = page.to();
        this.at = page.from();
        this.agent = agent;
        this.withText = withText;
        references = new References(page);
        tag = new TagReader(page, references);
        linkText = new TextCollector(page, references, Link.LONGEST_TEXT);
        headings = new TextCollector(page, references, Integer.MAX_VALUE);
        text = new TextCollector(page, references, Integer.MAX_VALUE, room);
    }

    /** Whether the page has framesets instead of a body. */
    private enum Frames {
        POSSIBLE,
        NONE,
        IN_FRAMESET,
        AFTER_FRAMESET
    }

    ScannedPage run() {
        while (at < to) {
            if (isOnlyForIndex()) {
                at = (open.isInHeading() ? headings : text).addToBracket(at);
            } else {
                int bracket = page.indexOf('<', at);
                if (bracket > at) {
                    addText(at, bracket, open.isTextForeign() ? Reading.REPLACING : Reading.HTML);
                }
                at = bracket;
            }
            if (at < to) {
                markup();
            }
        }
        endAnchor();
        return new ScannedPage(title, base, canonical, directives, links, headings.text(), text.text());
    }

    /** The room for the text, for another scan. */
    byte[] room() {
        return text.room();
    }

    /** Reads what begins with the bracket at this place (13.2.5.6, 13.2.5.7 and 13.2.5.42). */
    private void markup() {
        int next = page.octet(at + 1);
        if (Ascii.isLetter(next)) {
            if (readTag(at + 1)) {
                startTag();
                afterTag();
            }
        } else if (next == '/') {
            endTagOpen();
        } else if (next == '!') {
            declaration();
        } else if (next == '?') {
            at = page.afterBracket(at);
        } else {
            addText(at, at + 1, Reading.RAW);
            at++;
        }
    }

    private void endTagOpen() {
        int name = at + "</".length();
        int next = page.octet(name);
        if (Ascii.isLetter(next)) {
            if (readTag(name)) {
                endTag();
                afterTag();
            }
        } else if (name == to) {
            addText(at, to, Reading.RAW);
            at = to;
        } else {
            // A comment, or nothing at all: </>.
            at = page.afterBracket(name);
        }
    }

    /** A comment, a section of character data in SVG and MathML, or a doctype, which ends at any bracket. */
    private void declaration() {
        if (page.startsWith(at, COMMENT)) {
            at = RawText.afterComment(page, at + COMMENT.length());
        } else if (open.allowsSections() && isSection()) {
            int from = at + SECTION.length();
            int end = RawText.sectionEnd(page, from);
            addText(from, end, open.isTextForeign() ? Reading.RAW : Reading.RAW_HTML);
            at = Math.min(end + "]]>".length(), to);
        } else {
            at = page.afterBracket(at);
        }
    }

    private boolean isSection() {
        for (int i = 0; i < SECTION.length(); i++) {
            if (page.octet(at + i) != SECTION.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Reads a tag; false if the page ends in it, so that it is none. */
    private boolean readTag(int name) {
        int after = tag.read(name);
        at = Math.min(after, to);
        return after <= to;
    }

    private void startTag() {
        if (frames == Frames.IN_FRAMESET || frames == Frames.AFTER_FRAMESET) {
            startFrame();
        } else if (!open.isForeign(tag.tag())) {
            startHtml();
        } else if (leavesForeign()) {
            open.leaveForeign();
            startHtml();
        } else {
            boolean isAnchor = tag.tag() == Tag.A && !open.isInTemplate();
            if (isAnchor) {
                endAnchor();
            }
            open.startForeign(tag);
            if (isAnchor && !tag.isSelfClosing()) {
                startAnchor(open.depth());
            } else if (isAnchor) {
                addLink(Attribute.HREF, Kind.ANCHOR);
            }
        }
    }

    private boolean leavesForeign() {
        return tag.tag() == Tag.FONT
                ? tag.has(Attribute.COLOR) || tag.has(Attribute.FACE) || tag.has(Attribute.SIZE)
                : tag.tag().is(Trait.LEAVES_FOREIGN);
    }

    private void startHtml() {
        Tag name = tag.tag();
        if (frames == Frames.POSSIBLE) {
            if (name == Tag.FRAMESET && !open.isInTemplate()) {
                startFrame();
                return;
            }
            if (name.is(Trait.NO_FRAMESET) || (name == Tag.INPUT && !isHidden())) {
                frames = Frames.NONE;
            }
        }
        if (name == Tag.A) {
            endAnchor();
        }
        open.start(tag);
        if (name.is(Trait.READ) && !open.isInTemplate()) {
            collect(name);
        }
        boolean isTextOnly = name.is(Trait.TEXT_ONLY);
        if (name.is(Trait.BLOCK) && (isTextOnly || name.is(Trait.NEVER_OPEN))) {
            separate();
        }
        if (isTextOnly) {
            textOnly(name);
        }
    }

    private boolean isHidden() {
        String type = tag.value(Attribute.TYPE);
        return type != null && type.equalsIgnoreCase("hidden");
    }

    private void collect(Tag name) {
        switch (name) {
            case A -> startAnchor(0);
            case AREA -> addLink(Attribute.HREF, Kind.AREA);
            case IFRAME -> addLink(Attribute.SRC, Kind.FRAME);
            case LINK -> {
                Link link = addLink(Attribute.HREF, Kind.LINK);
                if (link != null && canonical == null && link.hasType("canonical")) {
                    canonical = link.href();
                }
            }
            case BASE -> base = base == null ? tag.value(Attribute.HREF) : base;
            case META -> meta();
            default -> {}
        }
    }

    private @Nullable Link addLink(Attribute target, Kind kind) {
        String href = tag.value(target);
        if (href == null) {
            return null;
        }
        String rel = tag.value(Attribute.REL);
        Link link = Link.of(href, rel == null || kind == Kind.FRAME ? "" : rel, kind);
        links.add(link);
        return link;
    }

    private void meta() {
        String content = tag.value(Attribute.CONTENT);
        if (content == null) {
            return;
        }
        String equivalent = tag.value(Attribute.HTTP_EQUIV);
        if (equivalent != null && equivalent.equalsIgnoreCase("refresh")) {
            Optional<String> target = Refresh.target(content);
            target.ifPresent(href -> links.add(Link.of(href, "", Kind.REFRESH)));
        }
        String name = tag.value(Attribute.NAME);
        if (name != null && (name.equalsIgnoreCase("robots") || name.equalsIgnoreCase(agent))) {
            directives = directives.and(Directives.ofContent(content));
        }
    }

    /** Reads the content of an element without tags in it, and its end tag. */
    private void textOnly(Tag name) {
        if (name == Tag.PLAINTEXT) {
            addText(at, to, Reading.RAW);
            at = to;
            return;
        }
        int from = at;
        int end = RawText.end(page, from, name);
        switch (name) {
            case TITLE -> {
                if (title == null && !open.isInTemplate()) {
                    TextCollector content = new TextCollector(page, references, Integer.MAX_VALUE);
                    content.add(from, end, Reading.REPLACING);
                    title = content.text();
                }
            }
            case TEXTAREA -> addText(from, end, Reading.REPLACING);
            case XMP -> addText(from, end, Reading.RAW);
            default -> {}
        }
        at = end;
        if (at < to && readTag(at + "</".length()) && name.is(Trait.BLOCK)) {
            separate();
        }
    }

    private void startFrame() {
        switch (tag.tag()) {
            case FRAMESET -> {
                if (frames != Frames.AFTER_FRAMESET) {
                    frames = Frames.IN_FRAMESET;
                    framesets++;
                }
            }
            case FRAME -> {
                if (frames == Frames.IN_FRAMESET) {
                    addLink(Attribute.SRC, Kind.FRAME);
                }
            }
            case NOFRAMES -> textOnly(Tag.NOFRAMES);
            default -> {}
        }
    }

    private void endTag() {
        if (frames == Frames.IN_FRAMESET && tag.tag() == Tag.FRAMESET) {
            framesets--;
            frames = framesets == 0 ? Frames.AFTER_FRAMESET : frames;
        }
        if (frames == Frames.IN_FRAMESET || frames == Frames.AFTER_FRAMESET) {
            return;
        }
        if (tag.tag() == Tag.A && anchor != NO_LINK && open.cells() == anchorCells) {
            endAnchor();
        }
        open.end(tag);
        if (tag.tag() == Tag.BR) {
            separate();
        }
    }

    /** Ends what a tag has ended with the elements that it has closed. */
    private void afterTag() {
        if (anchor != NO_LINK && (open.takeFewestCells() < anchorCells || open.depth() < anchorDepth)) {
            endAnchor();
        }
        if (open.takeCrossedBlock()) {
            separate();
        }
    }

    /**
     * Begins to collect the text of an anchor.
     *
     * @param depth of an element of SVG, with which it ends; 0 for one of HTML, which may outlive what it is in
     */
    private void startAnchor(int depth) {
        if (addLink(Attribute.HREF, Kind.ANCHOR) != null) {
            anchor = links.size() - 1;
            anchorCells = open.cells();
            anchorDepth = depth;
            // From here on, fewer cells mean that its own has ended.
            var _ = open.takeFewestCells();
        }
    }

    private void endAnchor() {
        if (anchor != NO_LINK) {
            links.set(anchor, links.get(anchor).withText(linkText.text()));
            linkText.clear();
            anchor = NO_LINK;
        }
    }

    private void separate() {
        if (open.isInTemplate()) {
            return;
        }
        if (anchor != NO_LINK) {
            linkText.separate();
        }
        if (withText) {
            headings.separate();
            text.separate();
        }
    }

    /** Whether a text of HTML here is for the index, and for nothing else: that of most of a page. */
    private boolean isOnlyForIndex() {
        return withText
                && anchor == NO_LINK
                && frames == Frames.NONE
                && !open.isLeftOut()
                && !open.isInTemplate()
                && !open.isInSource()
                && !open.isTextForeign();
    }

    private void addText(int from, int end, Reading reading) {
        if (frames == Frames.POSSIBLE && !page.isBlank(from, end)) {
            frames = Frames.NONE;
        }
        boolean isFrames = frames == Frames.IN_FRAMESET || frames == Frames.AFTER_FRAMESET;
        if (isFrames || open.isInTemplate() || open.isInSource()) {
            return;
        }
        if (anchor != NO_LINK) {
            linkText.add(from, end, reading);
        }
        if (withText && !open.isLeftOut()) {
            (open.isInHeading() ? headings : text).add(from, end, reading);
        }
    }
}
