package dev.thrum.crawl.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Names of files that are harmless on Linux, macOS and Windows, whatever a server has proposed: no separators and controls, nothing that
 * a shell, a terminal or Windows gives a meaning of its own, at most {@value #MOST_BYTES} bytes.
 */
final class SafeName {
    /** The longest name that the usual file systems have. */
    static final int MOST_BYTES = 255;

    /** A longer one is no extension but a part of the name. */
    private static final int LONGEST_EXTENSION = 32;

    /** Reserved on Windows, with any extension. */
    private static final Set<String> RESERVED = Set.of(
            "CON",
            "PRN",
            "AUX",
            "NUL",
            "CLOCK$",
            "CONIN$",
            "CONOUT$",
            "COM0",
            "COM1",
            "COM2",
            "COM3",
            "COM4",
            "COM5",
            "COM6",
            "COM7",
            "COM8",
            "COM9",
            "COM\u00b9",
            "COM\u00b2",
            "COM\u00b3",
            "LPT0",
            "LPT1",
            "LPT2",
            "LPT3",
            "LPT4",
            "LPT5",
            "LPT6",
            "LPT7",
            "LPT8",
            "LPT9",
            "LPT\u00b9",
            "LPT\u00b2",
            "LPT\u00b3");

    /** Files that have a meaning for the file manager of Windows. */
    private static final Set<String> RESERVED_FILES = Set.of("DESKTOP.INI", "THUMBS.DB", "AUTORUN.INF");

    private static final String NOT_ON_WINDOWS = "<>:\"|?*/\\";

    /** Characters that some systems turn into a separator or a colon, and letters of which nothing is visible. */
    private static final String DECEPTIVE =
            "\u2044\u2215\u29f5\u29f8\u29f9\ufe68\uff0f\uff3c\uff1a\u2236\ua789\ufffd\u115f\u1160\u2800\u3164\uffa0\u034f";

    private SafeName() {}

    /** The last component of a proposed name, made harmless; empty if nothing of it is left. */
    static Optional<String> of(String proposed) {
        int separator = Math.max(proposed.lastIndexOf('/'), proposed.lastIndexOf('\\'));
        String last = proposed.substring(separator + 1);
        String clean = isUsual(last) ? last : trimmed(replaced(Normalizer.normalize(last, Normalizer.Form.NFC)));
        if (clean.isEmpty()) {
            return Optional.empty();
        }
        String safe = isReserved(clean) || ".-~".indexOf(clean.charAt(0)) >= 0 ? "_" + withoutMark(clean) : clean;
        return Optional.of(fitting(safe, ""));
    }

    /** This safe name with a number before its extension: {@code report-2.pdf}, {@code data-2.tar.gz}. */
    static String numbered(String name, int number) {
        return fitting(name, "-" + number);
    }

    /** What two names have in common if a file system takes them for the same. */
    static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }

    /** Whether a name has only letters and digits of ASCII, and marks within it: the usual case, and quickly found out. */
    private static boolean isUsual(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
            if (!letter && ((c != '.' && c != '-') || i == 0 || i == name.length() - 1)) {
                return false;
            }
        }
        return true;
    }

    private static String replaced(String name) {
        StringBuilder clean = new StringBuilder(name.length());
        name.codePoints().map(SafeName::replaced).forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static int replaced(int c) {
        if (c < 0x7f) {
            return c < ' ' || NOT_ON_WINDOWS.indexOf(c) >= 0 ? '_' : c;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> '_';
            case Character.SPACE_SEPARATOR -> ' ';
            default -> DECEPTIVE.indexOf(c) >= 0 ? '_' : c;
        };
    }

    /** Without blanks at both ends, and without dots at the end. */
    private static String trimmed(String name) {
        int start = 0;
        while (start < name.length() && name.charAt(start) == ' ') {
            start++;
        }
        return withoutEnd(name.substring(start));
    }

    private static String withoutEnd(String name) {
        int end = name.length();
        while (end > 0 && (name.charAt(end - 1) == ' ' || name.charAt(end - 1) == '.')) {
            end--;
        }
        return name.substring(0, end);
    }

    /** Without the first character if it has a meaning where it is. */
    private static String withoutMark(String name) {
        return ".-~".indexOf(name.charAt(0)) >= 0 ? name.substring(1) : name;
    }

    private static boolean isReserved(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        int dot = upper.indexOf('.');
        String stem = (dot < 0 ? upper : upper.substring(0, dot)).stripTrailing();
        return RESERVED_FILES.contains(upper) || RESERVED.contains(stem);
    }

    /** A name with a suffix before its extension, shortened before that if it has too many bytes. */
    private static String fitting(String name, String suffix) {
        if (3 * name.length() + suffix.length() <= MOST_BYTES) {
            String extension = extension(name);
            return suffix.isEmpty() ? name : name.substring(0, name.length() - extension.length()) + suffix + extension;
        }
        String extension = extension(name);
        String stem = name.substring(0, name.length() - extension.length());
        int room = MOST_BYTES - bytes(extension) - suffix.length();
        String kept = bytes(stem) <= room ? stem : withoutEnd(shortened(stem, room));
        return kept + suffix + extension;
    }

    /** The extension with its dot, both of them after {@code .tar}; empty if there is none. */
    private static String extension(String name) {
        int dot = name.lastIndexOf('.');
        if (dot <= 0 || bytes(name.substring(dot)) > LONGEST_EXTENSION) {
            return "";
        }
        int tar = dot - ".tar".length();
        return name.substring(tar > 0 && name.regionMatches(true, tar, ".tar", 0, ".tar".length()) ? tar : dot);
    }

    /** The longest beginning of at most this many bytes that doesn't cut a character. */
    private static String shortened(String text, int most) {
        int end = 0;
        int size = 0;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            size += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (size > most) {
                break;
            }
            end += Character.charCount(c);
        }
        return text.substring(0, end);
    }

    private static int bytes(String text) {
        return text.getBytes(UTF_8).length;
    }
}
