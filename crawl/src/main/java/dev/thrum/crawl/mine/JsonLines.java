package dev.thrum.crawl.mine;

import dev.thrum.base.JsonLine;

/** Results as JSON (RFC 8259), an object a line. */
final class JsonLines {
    private JsonLines() {}

    static String of(Mined mined) {
        StringBuilder lines = new StringBuilder();
        switch (mined) {
            case Mined.Values page ->
                page.values()
                        .forEach(value -> lines.append(new JsonLine()
                                        .with("url", page.url())
                                        .with("final", page.finalUrl().toString())
                                        .with("status", page.status())
                                        .with("value", value))
                                .append('\n'));
            case Mined.Failed failed -> {
                JsonLine line = new JsonLine().with("url", failed.url());
                if (failed.finalUrl() != null) {
                    line.with("final", failed.finalUrl().toString());
                }
                if (failed.status() != 0) {
                    line.with("status", failed.status());
                }
                lines.append(line.with("error", failed.error())).append('\n');
            }
        }
        return lines.toString();
    }
}
