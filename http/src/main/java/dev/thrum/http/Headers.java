package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.engine.ByteWriter;
import dev.thrum.http.syntax.Syntax;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The fields of a message head, in their order; a name may occur more than once (RFC 9110, section 5). Names are
 * compared without regard to case. Immutable.
 *
 * <p>Each character of a value is one byte: bytes that are not ASCII are opaque, and are read and written as ISO 8859-1
 * (RFC 9110, 5.5). No field can contain a carriage return, a line feed or a NUL, so no value can end its field and
 * begin another one (response splitting).
 */
public final class Headers implements Iterable<Headers.Field> {
    private static final Headers NONE = new Headers(new byte[0], 0, new int[0], 0);
    /** Four bounds for each field: start and end of its name, start and end of its value. */
    public static final int BOUNDS = 4;

    /** The fields as they are on the wire, each with its line end: no allocation for a field that is never read. */
    private final byte[] block;

    private final int length;
    private final int[] bounds;
    private final int size;

    /** Whether a field sets framing; found out at the first use, by any thread. A race only computes it twice. */
    private byte framed = UNKNOWN;

    private static final byte UNKNOWN = 0;
    private static final byte NO = 1;
    private static final byte YES = 2;
    private static final List<String> FRAMING = List.of(
            "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Date", "Trailer", "Upgrade", "TE");

    /**
     * One field.
     *
     * @param name as it was sent or given, in its original case
     * @param value without leading and trailing blanks
     */
    public record Field(String name, String value) {}

    private Headers(byte[] block, int length, int[] bounds, int size) {
        this.block = block;
        this.length = length;
        this.bounds = bounds;
        this.size = size;
    }

    /** No fields. */
    public static Headers none() {
        return NONE;
    }

    /**
     * One field. Blanks at both ends of the value are removed.
     *
     * @throws IllegalArgumentException if the name is not a token (RFC 9110, 5.6.2), or the value has a control
     *     character other than the tab, or a character that ISO 8859-1 does not have
     */
    public static Headers of(String name, String value) {
        if (!Syntax.isToken(name)) {
            throw new IllegalArgumentException(
                    "expected a field name of letters, digits and !#$%&'*+-.^_`|~ but was \"" + printable(name) + "\"");
        }
        String stripped = strip(value);
        if (!Syntax.isText(stripped)) {
            throw new IllegalArgumentException("expected a value of " + name
                    + " without control characters, in ISO 8859-1, but was \"" + printable(value) + "\"");
        }
        int start = name.length() + 2;
        int end = start + stripped.length();
        byte[] line = new byte[end + 2];
        put(name, line, 0);
        line[start - 2] = ':';
        line[start - 1] = ' ';
        put(stripped, line, start);
        line[end] = '\r';
        line[end + 1] = '\n';
        return new Headers(line, line.length, new int[] {0, name.length(), start, end}, 1);
    }

    /**
     * Fields that a parser has checked, as a block of lines with their line ends. For the parsers.
     *
     * @param source has the block from {@code start} on; it is copied
     * @param bounds of names and values within the block; not copied
     */
    public static Headers checked(byte[] source, int start, int length, int[] bounds, int size) {
        return size == 0 ? NONE : new Headers(Arrays.copyOfRange(source, start, start + length), length, bounds, size);
    }

    // Deprecated because it cuts characters above one byte; there are none here, and it copies the others directly.
    @SuppressWarnings("deprecation")
    private static void put(String text, byte[] target, int at) {
        text.getBytes(0, text.length(), target, at);
    }

    /** A builder without fields. */
    public static Builder builder() {
        return new Builder();
    }

    /** The number of fields. */
    public int size() {
        return size;
    }

    /** Whether there is a field of this name. */
    public boolean contains(String name) {
        return indexOf(name, 0) >= 0;
    }

    /** The value of the first field of this name; empty if there is none. */
    public Optional<String> first(String name) {
        int index = indexOf(name, 0);
        return index < 0 ? Optional.empty() : Optional.of(value(index));
    }

    /** The values of all fields of this name, in their order. The list is the caller's. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 1)) {
            values.add(value(i));
        }
        return values;
    }

    /**
     * The elements of the comma-separated lists in all fields of this name, in their order, without blanks and empty
     * elements (RFC 9110, 5.6.1). A comma within quotes separates too. The list is the caller's.
     */
    public List<String> elements(String name) {
        List<String> elements = new ArrayList<>(1);
        for (String list : all(name)) {
            for (String element : list.split(",", -1)) {
                String stripped = strip(element);
                // Leniency.EMPTY_LIST_ELEMENTS
                if (!stripped.isEmpty()) {
                    elements.add(stripped);
                }
            }
        }
        return elements;
    }

    /**
     * The media type in {@code Content-Type}, without parameters, in lower case; empty if there is none (RFC 9110,
     * 8.3.1).
     */
    public String mediaType() {
        String type = first("Content-Type").orElse("");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /** Whether the lists in the fields of this name have this element, ignoring case. */
    public boolean hasElement(String name, String element) {
        for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 1)) {
            if (listHas(startOfValue(i), endOfValue(i), element)) {
                return true;
            }
        }
        return false;
    }

    /** Searches a list in place. */
    private boolean listHas(int start, int end, String element) {
        int from = start;
        while (from < end) {
            int comma = from;
            while (comma < end && block[comma] != ',') {
                comma++;
            }
            int to = comma;
            while (from < to && Syntax.isBlank(block[from])) {
                from++;
            }
            while (from < to && Syntax.isBlank(block[to - 1])) {
                to--;
            }
            // Leniency.EMPTY_LIST_ELEMENTS
            if (from < to && Syntax.equalsIgnoringCase(block, from, to, element)) {
                return true;
            }
            from = comma + 1;
        }
        return false;
    }

    /**
     * These fields with the given one in place of all others of its name, at the end.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    public Headers with(String name, String value) {
        return copyWithout(name).add(name, value).build();
    }

    /**
     * These fields and the given one, after them.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    public Headers and(String name, String value) {
        return new Builder().addAll(this).add(name, value).build();
    }

    /** These fields and the given ones, after them. */
    public Headers and(Headers others) {
        return others.size == 0
                ? this
                : new Builder().addAll(this).addAll(others).build();
    }

    /** These fields without those of this name. */
    public Headers without(String name) {
        return contains(name) ? copyWithout(name).build() : this;
    }

    private Builder copyWithout(String name) {
        Builder copy = new Builder();
        for (int i = 0; i < size; i++) {
            if (!nameIs(i, name)) {
                copy.addLine(
                        block,
                        bounds[i * BOUNDS],
                        endOfLine(i),
                        Arrays.copyOfRange(bounds, i * BOUNDS, (i + 1) * BOUNDS));
            }
        }
        return copy;
    }

    /** The index after the line of a field and its line end. */
    private int endOfLine(int index) {
        return index + 1 < size ? bounds[(index + 1) * BOUNDS] : length;
    }

    /** The fields in their order. The iterator does not support {@code remove}. */
    @Override
    public Iterator<Field> iterator() {
        return IntStream.range(0, size)
                .mapToObj(i -> new Field(name(i), value(i)))
                .iterator();
    }

    /** Whether there may be a field {@code Range} or {@code If-…}; compares only parts of each name. */
    public boolean mayBeConditional() {
        for (int i = 0; i < size; i++) {
            int start = bounds[i * BOUNDS];
            int first = block[start] | 0x20;
            if ((first == 'i' && block[start + 2] == '-') || (first == 'r' && nameIs(i, "Range"))) {
                return true;
            }
        }
        return false;
    }

    /** The index of the first field of this name, from this index on; -1 if there is none. */
    public int indexOf(String name, int from) {
        for (int i = from; i < size; i++) {
            if (nameIs(i, name)) {
                return i;
            }
        }
        return -1;
    }

    String name(int index) {
        return text(index * BOUNDS);
    }

    /** The value of the field at this index. */
    public String value(int index) {
        return text(index * BOUNDS + 2);
    }

    /** Whether the value of the field at this index is this text, ignoring case. */
    public boolean valueIs(int index, String text) {
        int at = index * BOUNDS + 2;
        return Syntax.equalsIgnoringCase(block, bounds[at], bounds[at + 1], text);
    }

    private boolean nameIs(int index, String name) {
        int at = index * BOUNDS;
        return Syntax.equalsIgnoringCase(block, bounds[at], bounds[at + 1], name);
    }

    private String text(int at) {
        return new String(block, bounds[at], bounds[at + 1] - bounds[at], ISO_8859_1);
    }

    /** The index in {@link #block} of the value of a field. */
    public int startOfValue(int index) {
        return bounds[index * BOUNDS + 2];
    }

    /** The index in {@link #block} after the value of a field. */
    public int endOfValue(int index) {
        return bounds[index * BOUNDS + 3];
    }

    /**
     * The array with the lines of all fields, not a copy: it must not be changed. Only its first {@link #length} bytes
     * count.
     */
    public byte[] block() {
        return block;
    }

    /** The number of bytes of all fields with their line ends. */
    public int length() {
        return length;
    }

    private boolean isFramed() {
        for (String name : FRAMING) {
            if (contains(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Requires that no field sets the framing of the message, its date, or whether the connection is kept.
     *
     * @throws IllegalArgumentException if there is one
     */
    public void requireUnframed() {
        if (framed == UNKNOWN) {
            framed = isFramed() ? YES : NO;
        }
        if (framed == YES) {
            throw new IllegalArgumentException(
                    "expected none of the fields " + String.join(", ", FRAMING) + ", which the server sets itself");
        }
    }

    /** Writes all fields, each with its line end. */
    public void writeTo(ByteWriter writer) throws IOException {
        writer.write(block, 0, length);
    }

    private static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.chars()
                .limit(80)
                .forEach(c -> shown.append(c < ' ' || c > '~' ? String.format("\\u%04x", c) : Character.toString(c)));
        return shown.toString();
    }

    private static String strip(String element) {
        int start = 0;
        int end = element.length();
        while (start < end && Syntax.isBlank(element.charAt(start))) {
            start++;
        }
        while (start < end && Syntax.isBlank(element.charAt(end - 1))) {
            end--;
        }
        return element.substring(start, end);
    }

    /** Whether the other object has the same fields in the same order; names are compared without regard to case. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Headers headers && lowerCased().equals(headers.lowerCased());
    }

    @Override
    public int hashCode() {
        return lowerCased().hashCode();
    }

    private List<Field> lowerCased() {
        List<Field> fields = new ArrayList<>(size);
        forEach(field -> fields.add(new Field(field.name().toLowerCase(Locale.ROOT), field.value())));
        return fields;
    }

    /** One line for each field. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Field field : this) {
            text.append(field.name()).append(": ").append(field.value()).append('\n');
        }
        return text.toString();
    }

    /** Collects fields. Owned by one thread. */
    public static final class Builder {
        private byte[] block = new byte[128];
        private int length;
        private int[] bounds = new int[4 * BOUNDS];
        private int size;

        private Builder() {}

        /**
         * Adds a field after the others.
         *
         * @throws IllegalArgumentException as {@link Headers#of}
         */
        @CanIgnoreReturnValue
        public Builder add(String name, String value) {
            Headers one = of(name, value);
            addLine(one.block, 0, one.length, one.bounds);
            return this;
        }

        /** Adds fields after the others. */
        @CanIgnoreReturnValue
        public Builder addAll(Headers headers) {
            for (int i = 0; i < headers.size; i++) {
                addLine(
                        headers.block,
                        headers.bounds[i * BOUNDS],
                        headers.endOfLine(i),
                        Arrays.copyOfRange(headers.bounds, i * BOUNDS, (i + 1) * BOUNDS));
            }
            return this;
        }

        /** Adds a line with its line end; the bounds of its name and value are indices of the source. */
        private void addLine(byte[] source, int start, int end, int[] at) {
            int count = end - start;
            if (length + count > block.length) {
                block = Arrays.copyOf(block, Math.max(length + count, block.length * 2));
            }
            if (size * BOUNDS == bounds.length) {
                bounds = Arrays.copyOf(bounds, bounds.length * 2);
            }
            System.arraycopy(source, start, block, length, count);
            for (int i = 0; i < BOUNDS; i++) {
                bounds[size * BOUNDS + i] = at[i] + length - start;
            }
            length += count;
            size++;
        }

        /** The fields so far. The builder may be used further. */
        public Headers build() {
            return size == 0 ? NONE : new Headers(block, length, bounds, size);
        }
    }
}
