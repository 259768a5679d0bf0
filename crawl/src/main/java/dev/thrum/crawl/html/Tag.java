package dev.thrum.crawl.html;

import static dev.thrum.crawl.html.Tag.Trait.BLOCK;
import static dev.thrum.crawl.html.Tag.Trait.CELL;
import static dev.thrum.crawl.html.Tag.Trait.CLOSED_IN_SCOPE;
import static dev.thrum.crawl.html.Tag.Trait.CLOSES_P;
import static dev.thrum.crawl.html.Tag.Trait.ENDS_BUTTON_SCOPE;
import static dev.thrum.crawl.html.Tag.Trait.ENDS_ITEM;
import static dev.thrum.crawl.html.Tag.Trait.ENDS_LIST_SCOPE;
import static dev.thrum.crawl.html.Tag.Trait.ENDS_SCOPE;
import static dev.thrum.crawl.html.Tag.Trait.ENDS_TABLE_SCOPE;
import static dev.thrum.crawl.html.Tag.Trait.FORMATTING;
import static dev.thrum.crawl.html.Tag.Trait.HEADING;
import static dev.thrum.crawl.html.Tag.Trait.IMPLIED_END;
import static dev.thrum.crawl.html.Tag.Trait.LEAVES_FOREIGN;
import static dev.thrum.crawl.html.Tag.Trait.LEFT_OUT;
import static dev.thrum.crawl.html.Tag.Trait.NEVER_OPEN;
import static dev.thrum.crawl.html.Tag.Trait.NO_FRAMESET;
import static dev.thrum.crawl.html.Tag.Trait.READ;
import static dev.thrum.crawl.html.Tag.Trait.SPECIAL;
import static dev.thrum.crawl.html.Tag.Trait.TABLE_OR_CELL;
import static dev.thrum.crawl.html.Tag.Trait.TEXT_ONLY;

import dev.thrum.crawl.text.Ascii;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The names of tags that mean something to the scan, with what the standard's tree construction does with them. */
enum Tag {
    A(FORMATTING, READ),
    ADDRESS(SPECIAL, CLOSES_P, CLOSED_IN_SCOPE, BLOCK),
    ANNOTATION_XML(READ),
    APPLET(SPECIAL, ENDS_ITEM, ENDS_SCOPE, CLOSED_IN_SCOPE, NO_FRAMESET),
    AREA(SPECIAL, NEVER_OPEN, NO_FRAMESET, READ),
    ARTICLE(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK),
    ASIDE(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK, LEFT_OUT),
    B(FORMATTING, LEAVES_FOREIGN),
    BASE(SPECIAL, NEVER_OPEN, READ),
    BASEFONT(SPECIAL, NEVER_OPEN),
    BGSOUND(SPECIAL, NEVER_OPEN),
    BIG(FORMATTING, LEAVES_FOREIGN),
    BLOCKQUOTE(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK, LEAVES_FOREIGN),
    BODY(SPECIAL, NEVER_OPEN, NO_FRAMESET, LEAVES_FOREIGN),
    BR(SPECIAL, NEVER_OPEN, NO_FRAMESET, BLOCK, LEAVES_FOREIGN),
    BUTTON(SPECIAL, ENDS_ITEM, ENDS_BUTTON_SCOPE, CLOSED_IN_SCOPE, NO_FRAMESET, BLOCK),
    CAPTION(SPECIAL, ENDS_ITEM, ENDS_SCOPE, CELL, TABLE_OR_CELL, BLOCK),
    CENTER(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK, LEAVES_FOREIGN),
    CODE(FORMATTING, LEAVES_FOREIGN),
    COL(SPECIAL, NEVER_OPEN),
    COLGROUP(SPECIAL, NEVER_OPEN),
    DD(SPECIAL, IMPLIED_END, ENDS_ITEM, BLOCK, NO_FRAMESET, LEAVES_FOREIGN),
    DESC(),
    DETAILS(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK),
    DIALOG(CLOSES_P, CLOSED_IN_SCOPE, BLOCK),
    DIR(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK),
    DIV(SPECIAL, CLOSES_P, CLOSED_IN_SCOPE, BLOCK, LEAVES_FOREIGN),
    DL(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK, LEAVES_FOREIGN),
    DT(SPECIAL, IMPLIED_END, ENDS_ITEM, BLOCK, NO_FRAMESET, LEAVES_FOREIGN),
    EM(FORMATTING, LEAVES_FOREIGN),
    EMBED(SPECIAL, NEVER_OPEN, NO_FRAMESET, LEAVES_FOREIGN),
    FIELDSET(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK),
    FIGCAPTION(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK),
    FIGURE(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK),
    FONT(FORMATTING, READ),
    FOOTER(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK, LEFT_OUT),
    FOREIGNOBJECT(),
    FORM(SPECIAL, ENDS_ITEM, BLOCK, LEFT_OUT),
    FRAME(SPECIAL, NEVER_OPEN, READ),
    FRAMESET(SPECIAL, NEVER_OPEN),
    H1(SPECIAL, ENDS_ITEM, CLOSES_P, HEADING, BLOCK, LEAVES_FOREIGN),
    H2(SPECIAL, ENDS_ITEM, CLOSES_P, HEADING, BLOCK, LEAVES_FOREIGN),
    H3(SPECIAL, ENDS_ITEM, CLOSES_P, HEADING, BLOCK, LEAVES_FOREIGN),
    H4(SPECIAL, ENDS_ITEM, CLOSES_P, HEADING, BLOCK, LEAVES_FOREIGN),
    H5(SPECIAL, ENDS_ITEM, CLOSES_P, HEADING, BLOCK, LEAVES_FOREIGN),
    H6(SPECIAL, ENDS_ITEM, CLOSES_P, HEADING, BLOCK, LEAVES_FOREIGN),
    HEAD(SPECIAL, NEVER_OPEN, LEAVES_FOREIGN),
    HEADER(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK, LEFT_OUT),
    HGROUP(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK),
    HR(SPECIAL, NEVER_OPEN, CLOSES_P, NO_FRAMESET, BLOCK, LEAVES_FOREIGN),
    HTML(SPECIAL, NEVER_OPEN),
    I(FORMATTING, LEAVES_FOREIGN),
    IFRAME(SPECIAL, TEXT_ONLY, NO_FRAMESET, READ),
    IMAGE(NEVER_OPEN, NO_FRAMESET),
    IMG(SPECIAL, NEVER_OPEN, NO_FRAMESET, LEAVES_FOREIGN),
    INPUT(SPECIAL, NEVER_OPEN, READ),
    KEYGEN(SPECIAL, NEVER_OPEN, NO_FRAMESET),
    LEGEND(BLOCK),
    LI(SPECIAL, IMPLIED_END, ENDS_ITEM, BLOCK, NO_FRAMESET, LEAVES_FOREIGN),
    LINK(SPECIAL, NEVER_OPEN, READ),
    LISTING(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, NO_FRAMESET, BLOCK, LEAVES_FOREIGN),
    MAIN(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK),
    MALIGNMARK(),
    MARQUEE(SPECIAL, ENDS_ITEM, ENDS_SCOPE, CLOSED_IN_SCOPE, NO_FRAMESET, BLOCK),
    MATH(),
    MENU(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK, LEAVES_FOREIGN),
    META(SPECIAL, NEVER_OPEN, READ, LEAVES_FOREIGN),
    MGLYPH(),
    MI(),
    MN(),
    MO(),
    MS(),
    MTEXT(),
    NAV(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK, LEFT_OUT),
    NOBR(FORMATTING, LEAVES_FOREIGN),
    NOEMBED(SPECIAL, TEXT_ONLY),
    NOFRAMES(SPECIAL, TEXT_ONLY),
    NOSCRIPT(SPECIAL, ENDS_ITEM, BLOCK),
    OBJECT(SPECIAL, ENDS_ITEM, ENDS_SCOPE, CLOSED_IN_SCOPE, NO_FRAMESET),
    OL(SPECIAL, ENDS_ITEM, ENDS_LIST_SCOPE, CLOSES_P, CLOSED_IN_SCOPE, BLOCK, LEAVES_FOREIGN),
    OPTGROUP(IMPLIED_END, BLOCK),
    OPTION(IMPLIED_END, BLOCK),
    P(SPECIAL, IMPLIED_END, CLOSES_P, BLOCK, LEAVES_FOREIGN),
    PARAM(SPECIAL, NEVER_OPEN),
    PLAINTEXT(SPECIAL, ENDS_ITEM, TEXT_ONLY, CLOSES_P, BLOCK),
    PRE(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, NO_FRAMESET, BLOCK, LEAVES_FOREIGN),
    RB(IMPLIED_END),
    RP(IMPLIED_END),
    RT(IMPLIED_END),
    RTC(IMPLIED_END),
    RUBY(LEAVES_FOREIGN),
    S(FORMATTING, LEAVES_FOREIGN),
    SCRIPT(SPECIAL, TEXT_ONLY, LEFT_OUT),
    SEARCH(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK),
    SECTION(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK),
    SELECT(SPECIAL, ENDS_ITEM, ENDS_SCOPE, CLOSED_IN_SCOPE, NO_FRAMESET, BLOCK),
    SMALL(FORMATTING, LEAVES_FOREIGN),
    SOURCE(SPECIAL, NEVER_OPEN),
    SPAN(LEAVES_FOREIGN),
    STRIKE(FORMATTING, LEAVES_FOREIGN),
    STRONG(FORMATTING, LEAVES_FOREIGN),
    STYLE(SPECIAL, TEXT_ONLY, LEFT_OUT),
    SUB(LEAVES_FOREIGN),
    SUMMARY(SPECIAL, ENDS_ITEM, CLOSES_P, CLOSED_IN_SCOPE, BLOCK),
    SUP(LEAVES_FOREIGN),
    SVG(BLOCK),
    TABLE(
            SPECIAL,
            ENDS_ITEM,
            ENDS_SCOPE,
            ENDS_TABLE_SCOPE,
            CLOSES_P,
            NO_FRAMESET,
            TABLE_OR_CELL,
            BLOCK,
            LEAVES_FOREIGN),
    TBODY(SPECIAL, ENDS_ITEM, BLOCK),
    TD(SPECIAL, ENDS_ITEM, ENDS_SCOPE, CELL, TABLE_OR_CELL, BLOCK),
    TEMPLATE(SPECIAL, ENDS_ITEM, ENDS_SCOPE, ENDS_TABLE_SCOPE, LEFT_OUT),
    TEXTAREA(SPECIAL, TEXT_ONLY, NO_FRAMESET, BLOCK),
    TFOOT(SPECIAL, ENDS_ITEM, BLOCK),
    TH(SPECIAL, ENDS_ITEM, ENDS_SCOPE, CELL, TABLE_OR_CELL, BLOCK),
    THEAD(SPECIAL, ENDS_ITEM, BLOCK),
    TITLE(SPECIAL, TEXT_ONLY, BLOCK),
    TR(SPECIAL, ENDS_ITEM, BLOCK),
    TRACK(SPECIAL, NEVER_OPEN),
    TT(FORMATTING, LEAVES_FOREIGN),
    U(FORMATTING, LEAVES_FOREIGN),
    UL(SPECIAL, ENDS_ITEM, ENDS_LIST_SCOPE, CLOSES_P, CLOSED_IN_SCOPE, BLOCK, LEAVES_FOREIGN),
    VAR(LEAVES_FOREIGN),
    WBR(SPECIAL, NEVER_OPEN, NO_FRAMESET),
    XMP(SPECIAL, TEXT_ONLY, CLOSES_P, NO_FRAMESET, BLOCK),
    /** Any other name. */
    OTHER();

    /** What a tag is or does in HTML. */
    enum Trait {
        /** Of the category of that name (13.2.4.2). */
        SPECIAL,
        /** Special, and no div, address or p: the search for an open list item ends at it. */
        ENDS_ITEM,
        /** The search for an element "in scope" ends at it (13.2.4.2). */
        ENDS_SCOPE,
        /** The same in list item scope, where it differs. */
        ENDS_LIST_SCOPE,
        /** The same in button scope, where it differs. */
        ENDS_BUTTON_SCOPE,
        ENDS_TABLE_SCOPE,
        /** Its start tag ends a paragraph. */
        CLOSES_P,
        /** Its end tag closes it if it is in scope, with all in it. */
        CLOSED_IN_SCOPE,
        /** Its end tag may be left out. */
        IMPLIED_END,
        FORMATTING,
        /** It has no content, or the scan needs not know when it ends. */
        NEVER_OPEN,
        /** Its content is text without tags. */
        TEXT_ONLY,
        /** Its start tag in SVG or MathML ends these. */
        LEAVES_FOREIGN,
        /** After it, a page has no framesets. */
        NO_FRAMESET,
        /** Formatting from outside of it does not apply in it. */
        CELL,
        TABLE_OR_CELL,
        HEADING,
        /** Text before, in and after it are different words. */
        BLOCK,
        /** Its text is not for the index. */
        LEFT_OUT,
        /** The scan reads its attributes. */
        READ;

        @SuppressWarnings("EnumOrdinal") // it is not kept anywhere
        private int bit() {
            return 1 << ordinal();
        }
    }

    /** The number of tags. */
    static final int COUNT = values().length;

    private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;
    private static final int TABLE_BITS = 9;
    private static final int TABLE_MASK = (1 << TABLE_BITS) - 1;

    /** The tags by the hashes of their names, and those hashes, so that most look-ups see only these. */
    private static final @Nullable Tag[] BY_HASH = new @Nullable Tag[1 << TABLE_BITS];

    private static final long[] HASHES = new long[1 << TABLE_BITS];

    static {
        for (Tag tag : values()) {
            int slot = slot(tag.hash);
            while (BY_HASH[slot] != null) {
                slot = (slot + 1) & TABLE_MASK;
            }
            // No name stands for others.
            if (!tag.name().equals("OTHER")) {
                BY_HASH[slot] = tag;
                HASHES[slot] = tag.hash;
            }
        }
    }

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final long hash;
    private final int traits;

    Tag(Trait... traits) {
        int bits = 0;
        for (Trait trait : traits) {
            bits |= trait.bit();
        }
        this.traits = bits;
        long hashed = 0;
        for (int i = 0; i < text.length(); i++) {
            hashed = hash(hashed, i, text.charAt(i));
        }
        this.hash = hashed;
    }

    boolean is(Trait trait) {
        return (traits & trait.bit()) != 0;
    }

    /**
     * The hash of a name with one more byte. Of a name of up to eight bytes it is the bytes themselves; that of the empty name is 0.
     *
     * @param length of the name before
     * @param octet in lower case
     */
    static long hash(long hash, int length, int octet) {
        return length < Long.BYTES ? hash << Byte.SIZE | (octet & 0xff) : (hash ^ octet) * MULTIPLIER;
    }

    /** The tag whose name is at this place, in any case. */
    static Tag of(byte[] page, int from, int to, long hash) {
        int slot = slot(hash);
        while (HASHES[slot] != 0) {
            Tag tag = BY_HASH[slot];
            if (HASHES[slot] == hash && tag != null && (to - from <= Long.BYTES || tag.isAt(page, from, to))) {
                return tag;
            }
            slot = (slot + 1) & TABLE_MASK;
        }
        return OTHER;
    }

    /** Whether these bytes are its name, in any case. */
    private boolean isAt(byte[] page, int from, int to) {
        if (text.length() != to - from) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (Ascii.lower(page[from + i]) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The name, in lower case. */
    String text() {
        return text;
    }

    /** A number below {@link #COUNT}, for arrays. */
    @SuppressWarnings("EnumOrdinal") // the arrays live no longer than a scan
    int index() {
        return ordinal();
    }

    private static int slot(long hash) {
        return (int) ((hash * MULTIPLIER) >>> (Long.SIZE - TABLE_BITS));
    }
}
