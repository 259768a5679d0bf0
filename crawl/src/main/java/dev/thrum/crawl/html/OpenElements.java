package dev.thrum.crawl.html;

import dev.thrum.crawl.html.Tag.Trait;
import java.util.Arrays;

/**
 * The stack of open elements (13.2.4.2), which stands in for a tree. It says where foreign content begins and ends, and what a
 * text is part of. Owned by the thread of its scan.
 *
 * <p>It departs from the standard in what a scan of links and text needs not know: formatting elements are not opened again
 * where the standard clones them, implied elements such as {@code tbody} are not there, the modes within a template are one,
 * and a search for an element goes down 512 elements at most, the depth of trees in browsers. So each tag takes bounded time,
 * whatever is open.
 */
final class OpenElements {
    private static final int SEARCHED = 512;
    private static final int FIRST_SIZE = 64;
    private static final int NONE = -1;

    private Tag[] tags = new Tag[FIRST_SIZE];
    private long[] hashes = new long[FIRST_SIZE];
    private Space[] spaces = new Space[FIRST_SIZE];
    private int depth;

    /** How many of each tag are open, in any namespace. */
    private final int[] open = new int[Tag.COUNT];

    private int leftOut;
    private int headings;
    private int cells;
    private int fewestCells;
    private boolean hasForm;
    private boolean hasCrossedBlock;

    private Space current() {
        return depth == 0 ? Space.HTML : spaces[depth - 1];
    }

    /** Whether a start tag here is one of SVG or MathML, unless it is one that ends these. */
    boolean isForeign(Tag start) {
        return switch (current()) {
            case HTML, CLOSED, SVG_AROUND_HTML, MATHML_AROUND_HTML -> false;
            case MATHML_AROUND_TEXT -> start == Tag.MGLYPH || start == Tag.MALIGNMARK;
            case MATHML_AROUND_SVG -> start != Tag.SVG;
            case SVG, MATHML -> true;
        };
    }

    /** Whether a text here is one of SVG or MathML. */
    boolean isTextForeign() {
        return current().isForeign() && !current().isIntegrationPoint();
    }

    /** Whether {@code <![CDATA[} begins a section here. */
    boolean allowsSections() {
        return current().isForeign();
    }

    /** Whether what is here is no part of the document, but the content of a template. */
    boolean isInTemplate() {
        return open[Tag.TEMPLATE.index()] > 0;
    }

    /** Whether a text here is the source of a script or style sheet. */
    boolean isInSource() {
        return (open[Tag.SCRIPT.index()] | open[Tag.STYLE.index()]) != 0;
    }

    /** Whether a text here is in an element that the index leaves out. */
    boolean isLeftOut() {
        return leftOut > 0;
    }

    boolean isInHeading() {
        return headings > 0;
    }

    int depth() {
        return depth;
    }

    /** The number of open cells and captions of tables. */
    int cells() {
        return cells;
    }

    /** The least number of them since the last call. */
    int takeFewestCells() {
        int fewest = fewestCells;
        fewestCells = cells;
        return fewest;
    }

    /** Whether a block has begun or ended since the last call. */
    boolean takeCrossedBlock() {
        boolean crossed = hasCrossedBlock;
        hasCrossedBlock = false;
        return crossed;
    }

    /** Opens an element of SVG or MathML. */
    void startForeign(TagReader tag) {
        Space space = current() == Space.SVG || current() == Space.SVG_AROUND_HTML ? Space.SVG : Space.MATHML;
        push(
                tag.tag(),
                tag.hash(),
                switch (tag.tag()) {
                    case FOREIGNOBJECT, DESC, TITLE -> space == Space.SVG ? Space.SVG_AROUND_HTML : space;
                    case MI, MO, MN, MS, MTEXT -> space == Space.SVG ? space : Space.MATHML_AROUND_TEXT;
                    case ANNOTATION_XML -> space == Space.SVG ? space : annotation(tag);
                    default -> space;
                });
        if (tag.isSelfClosing()) {
            popTo(depth - 1);
        }
    }

    private static Space annotation(TagReader tag) {
        String encoding = tag.value(Attribute.ENCODING);
        boolean isHtml = encoding != null
                && (encoding.equalsIgnoreCase("text/html") || encoding.equalsIgnoreCase("application/xhtml+xml"));
        return isHtml ? Space.MATHML_AROUND_HTML : Space.MATHML_AROUND_SVG;
    }

    /** Closes elements of SVG and MathML up to one around HTML, as a tag of HTML does in the middle of them. */
    void leaveForeign() {
        while (current().isForeign() && !current().isIntegrationPoint()) {
            popTo(depth - 1);
        }
    }

    /** Does what a start tag of HTML does (13.2.6.4.7, and 13.2.6.4.9 to 13.2.6.4.15 for those of tables). */
    void start(TagReader reader) {
        Tag tag = reader.tag();
        if (tag.is(Trait.CLOSES_P)) {
            close(Tag.P, Trait.ENDS_BUTTON_SCOPE);
        }
        switch (tag) {
            case SVG, MATH -> startRoot(reader);
            case LI -> startItem(Tag.LI, Tag.LI, reader);
            case DD, DT -> startItem(Tag.DD, Tag.DT, reader);
            case H1, H2, H3, H4, H5, H6 -> {
                if (depth > 0 && isHtml(depth - 1) && tags[depth - 1].is(Trait.HEADING)) {
                    popTo(depth - 1);
                }
                push(reader);
            }
            case A, NOBR -> {
                endFormatting(tag);
                push(reader);
            }
            case BUTTON, SELECT -> {
                boolean isOpen = close(tag, Trait.ENDS_SCOPE);
                // A select in a select only ends it.
                if (tag == Tag.BUTTON || !isOpen) {
                    push(reader);
                }
            }
            case OPTION, OPTGROUP -> startOption(reader);
            case HR -> {
                if (isInSelect()) {
                    closeImplied(Tag.OTHER);
                }
            }
            case INPUT -> close(Tag.SELECT, Trait.ENDS_SCOPE);
            case FORM -> startForm(reader);
            case TABLE -> {
                if (isBetweenCells()) {
                    close(Tag.TABLE, Trait.ENDS_TABLE_SCOPE);
                }
                push(reader);
            }
            case CAPTION, TBODY, TFOOT, THEAD, TR, TD, TH -> startTablePart(reader);
            default -> {
                if (!tag.is(Trait.NEVER_OPEN) && !tag.is(Trait.TEXT_ONLY)) {
                    push(reader);
                }
            }
        }
    }

    private void startRoot(TagReader reader) {
        push(reader.tag(), reader.hash(), reader.tag() == Tag.SVG ? Space.SVG : Space.MATHML);
        if (reader.isSelfClosing()) {
            popTo(depth - 1);
        }
    }

    /** Opens an item of a list, and closes the one before it. */
    private void startItem(Tag one, Tag other, TagReader reader) {
        int before = Math.max(find(one, Trait.ENDS_ITEM), find(other, Trait.ENDS_ITEM));
        if (before != NONE) {
            popTo(before);
        }
        close(Tag.P, Trait.ENDS_BUTTON_SCOPE);
        push(reader);
    }

    /** Opens an option or a group of options, and closes the one before it. */
    private void startOption(TagReader reader) {
        if (isInSelect()) {
            closeImplied(reader.tag() == Tag.OPTION ? Tag.OPTGROUP : Tag.OTHER);
        } else if (depth > 0 && isHtml(depth - 1) && tags[depth - 1] == Tag.OPTION) {
            popTo(depth - 1);
        }
        push(reader);
    }

    private boolean isInSelect() {
        return find(Tag.SELECT, Trait.ENDS_SCOPE) != NONE;
    }

    private void startForm(TagReader reader) {
        if (hasForm && !isInTemplate()) {
            return;
        }
        hasForm |= !isInTemplate();
        // Between the cells of a table, a form is empty: what seems to be in it is in the table.
        if (!isBetweenCells()) {
            close(Tag.P, Trait.ENDS_BUTTON_SCOPE);
            push(reader);
        }
    }

    private void startTablePart(TagReader reader) {
        int table = find(Tag.TABLE, Trait.ENDS_TABLE_SCOPE);
        if (table == NONE) {
            return;
        }
        int parent = switch (reader.tag()) {
            case TD, TH -> Math.max(find(Tag.TR, Trait.ENDS_TABLE_SCOPE), section());
            case TR -> section();
            default -> NONE;
        };
        popTo(Math.max(parent, table) + 1);
        push(reader);
    }

    /** The place of the open section of a table. */
    private int section() {
        int body = find(Tag.TBODY, Trait.ENDS_TABLE_SCOPE);
        int head = find(Tag.THEAD, Trait.ENDS_TABLE_SCOPE);
        return Math.max(Math.max(body, head), find(Tag.TFOOT, Trait.ENDS_TABLE_SCOPE));
    }

    /** Whether what is here is in a table, but in none of its cells. */
    private boolean isBetweenCells() {
        if (open[Tag.TABLE.index()] == 0) {
            return false;
        }
        int end = Math.max(0, depth - SEARCHED);
        for (int i = depth - 1; i >= end; i--) {
            if (isHtml(i) && tags[i].is(Trait.TABLE_OR_CELL)) {
                return tags[i] == Tag.TABLE;
            }
        }
        return false;
    }

    /** Does what an end tag does. */
    void end(TagReader reader) {
        Tag tag = reader.tag();
        if (current().isForeign() && endForeign(reader)) {
            return;
        }
        switch (tag) {
            case P -> {
                // Without a paragraph to end, there is an empty one.
                hasCrossedBlock = true;
                close(tag, Trait.ENDS_BUTTON_SCOPE);
            }
            case LI -> close(tag, Trait.ENDS_LIST_SCOPE);
            case DD, DT -> close(tag, Trait.ENDS_SCOPE);
            case H1, H2, H3, H4, H5, H6 -> endHeading();
            case FORM -> endForm();
            case TEMPLATE -> endTemplate();
            case TABLE, CAPTION, TBODY, TFOOT, THEAD, TR, TD, TH -> close(tag, Trait.ENDS_TABLE_SCOPE);
            default -> endOther(reader);
        }
    }

    /** Does what an end tag does in SVG and MathML (13.2.6.5); false if it is one for what is around these. */
    private boolean endForeign(TagReader reader) {
        Tag tag = reader.tag();
        if (tag == Tag.P || tag == Tag.BR) {
            leaveForeign();
            return false;
        }
        if (open[tag.index()] == 0) {
            return false;
        }
        int end = Math.max(0, depth - SEARCHED);
        for (int i = depth - 1; i >= end && !isHtml(i); i--) {
            if (spaces[i].isForeign() && isNamed(i, tag, reader.hash())) {
                popTo(i);
                return true;
            }
        }
        return false;
    }

    private void endHeading() {
        int end = Math.max(0, depth - SEARCHED);
        for (int i = depth - 1; headings > 0 && i >= end; i--) {
            if (isHtml(i) && tags[i].is(Trait.HEADING)) {
                popTo(i);
                return;
            }
            if (isEnd(i, Trait.ENDS_SCOPE)) {
                return;
            }
        }
    }

    private void endForm() {
        int form = find(Tag.FORM, Trait.ENDS_SCOPE);
        if (isInTemplate()) {
            if (form != NONE) {
                popTo(form);
            }
        } else if (hasForm) {
            hasForm = false;
            if (form != NONE) {
                closeImplied(Tag.OTHER);
                remove(form);
            }
        }
    }

    private void endTemplate() {
        if (isInTemplate()) {
            int at = depth - 1;
            while (!isHtml(at) || tags[at] != Tag.TEMPLATE) {
                at--;
            }
            popTo(at);
        }
    }

    private void endOther(TagReader reader) {
        Tag tag = reader.tag();
        if (tag.is(Trait.CLOSED_IN_SCOPE)) {
            close(tag, Trait.ENDS_SCOPE);
        } else if (tag.is(Trait.FORMATTING)) {
            endFormatting(tag);
        } else {
            int element = find(tag, reader.hash(), Trait.SPECIAL);
            if (element != NONE) {
                popTo(element);
            }
        }
    }

    /**
     * Closes a formatting element, and all in it up to a block: that stays open, since the standard's tree has a clone of the
     * element in the block instead (13.2.6.4.7, the adoption agency algorithm).
     */
    private void endFormatting(Tag tag) {
        int element = find(tag, Trait.ENDS_SCOPE);
        if (element == NONE) {
            return;
        }
        int block = depth - 1;
        while (block > element && !isEnd(block, Trait.SPECIAL)) {
            block--;
        }
        if (block == element) {
            popTo(element);
        } else {
            popTo(block + 1);
            remove(element);
        }
    }

    /** Closes elements whose end tags may be left out, up to one with this tag ("generate implied end tags"). */
    private void closeImplied(Tag kept) {
        while (depth > 0 && isHtml(depth - 1) && tags[depth - 1].is(Trait.IMPLIED_END) && tags[depth - 1] != kept) {
            popTo(depth - 1);
        }
    }

    /** Closes the innermost element with this tag, and all in it, if it is in this scope. */
    private boolean close(Tag tag, Trait scopeEnd) {
        int element = find(tag, scopeEnd);
        if (element != NONE) {
            popTo(element);
        }
        return element != NONE;
    }

    private int find(Tag tag, Trait scopeEnd) {
        return find(tag, 0, scopeEnd);
    }

    /** The place of the innermost element of HTML with this tag that no element with this trait is in front of. */
    private int find(Tag tag, long hash, Trait scopeEnd) {
        if (open[tag.index()] == 0) {
            return NONE;
        }
        int end = Math.max(0, depth - SEARCHED);
        for (int i = depth - 1; i >= end; i--) {
            if (isHtml(i) && isNamed(i, tag, hash)) {
                return i;
            }
            if (isEnd(i, scopeEnd)) {
                return NONE;
            }
        }
        return NONE;
    }

    private boolean isHtml(int at) {
        return spaces[at] == Space.HTML;
    }

    private boolean isNamed(int at, Tag tag, long hash) {
        return tags[at] == tag && (tag != Tag.OTHER || hashes[at] == hash);
    }

    private boolean isEnd(int at, Trait scopeEnd) {
        if (isHtml(at)) {
            boolean isOther = scopeEnd == Trait.ENDS_LIST_SCOPE || scopeEnd == Trait.ENDS_BUTTON_SCOPE;
            return tags[at].is(scopeEnd) || (isOther && tags[at].is(Trait.ENDS_SCOPE));
        }
        return spaces[at].isSpecial() && scopeEnd != Trait.ENDS_TABLE_SCOPE;
    }

    private void push(TagReader reader) {
        push(reader.tag(), reader.hash(), Space.HTML);
    }

    private void push(Tag tag, long hash, Space space) {
        if (depth == tags.length) {
            tags = Arrays.copyOf(tags, 2 * depth);
            hashes = Arrays.copyOf(hashes, 2 * depth);
            spaces = Arrays.copyOf(spaces, 2 * depth);
        }
        tags[depth] = tag;
        hashes[depth] = hash;
        spaces[depth] = space;
        depth++;
        open[tag.index()]++;
        count(tag, 1);
    }

    /** Closes an element that others are in; they stay open. */
    private void remove(int element) {
        open[tags[element].index()]--;
        spaces[element] = Space.CLOSED;
        popTo(depth);
    }

    /** Closes elements until at most this many are open. */
    private void popTo(int left) {
        while (depth > left || (depth > 0 && spaces[depth - 1] == Space.CLOSED)) {
            depth--;
            Tag tag = tags[depth];
            if (spaces[depth] != Space.CLOSED) {
                open[tag.index()]--;
            }
            count(tag, -1);
        }
        fewestCells = Math.min(fewestCells, cells);
    }

    private void count(Tag tag, int more) {
        hasCrossedBlock |= tag.is(Trait.BLOCK) && !isInTemplate();
        if (tag.is(Trait.LEFT_OUT)) {
            leftOut += more;
        }
        if (tag.is(Trait.HEADING)) {
            headings += more;
        }
        if (tag.is(Trait.CELL)) {
            cells += more;
        }
    }
}
