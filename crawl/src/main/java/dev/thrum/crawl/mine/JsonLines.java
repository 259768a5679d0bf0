package dev.thrum.crawl.mine;

import java.util.HexFormat;

/** Results as JSON (RFC 8259), an object a line. */
final class JsonLines {
    private static final HexFormat HEX = HexFormat.of();

    private JsonLines() {}

    static String of(Mined mined) {
        StringBuilder lines = new StringBuilder();
        switch (mined) {
            case Mined.Values page -> {
                StringBuilder head = new StringBuilder();
                string(head.append("{\"url\":"), page.url());
                string(head.append(",\"final\":"), page.finalUrl().toString());
                head.append(",\"status\":").append(page.status()).append(",\"value\":");
                page.values().forEach(value -> string(lines.append(head), value).append("}\n"));
            }
            case Mined.Failed failed -> {
                string(lines.append("{\"url\":"), failed.url());
                if (failed.finalUrl() != null) {
                    string(lines.append(",\"final\":"), failed.finalUrl().toString());
                }
                if (failed.status() != 0) {
                    lines.append(",\"status\":").append(failed.status());
                }
                string(lines.append(",\"error\":"), failed.error()).append("}\n");
            }
        }
        return lines.toString();
    }

    private static StringBuilder string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            switch (c) {
                case '"', '\\' -> out.append('\\').append((char) c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (SafeCharacters.isSafe(c)) {
                        out.appendCodePoint(c);
                    } else {
                        Character.toString(c)
                                .chars()
                                .forEach(unit -> out.append("\\u").append(HEX.toHexDigits((char) unit)));
                    }
                }
            }
        }
        return out.append('"');
    }
}
