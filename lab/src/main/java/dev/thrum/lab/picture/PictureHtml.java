package dev.thrum.lab.picture;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.base.JsonLine;
import dev.thrum.lab.picture.Plot.Cell;
import dev.thrum.lab.picture.Plot.Event;
import dev.thrum.lab.picture.Plot.Hand;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * The page: what to draw is data, and a script draws it. All text that comes from a program reaches the page as data or
 * escaped, and the page's own policy forbids all scripts but this one, and all requests.
 */
final class PictureHtml {
    private static final String STYLE = resource("picture.css");
    private static final String SCRIPT = resource("picture.js");

    /** The width of the form as text. */
    private static final int TEXT_WIDTH = 100;

    private final Caption caption;
    private final Plot plot;

    /** The texts of events, with their numbers in the data. Written while a page is made. */
    private final SequencedMap<String, Integer> texts = new LinkedHashMap<>();

    PictureHtml(Caption caption, Plot plot) {
        this.caption = caption;
        this.plot = plot;
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(PictureHtml.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String page() {
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-%s'; base-uri 'none'; form-action 'none'">
            <link rel="icon" href="data:,">
            <title>%s</title>
            <style>
            %s%s</style>
            </head>
            <body>
            <main>
            %s</main>
            <script type="application/json" id="data">%s</script>
            <script>%s</script>
            </body>
            </html>
            """.formatted(hash(SCRIPT), Escapes.html(caption.title()), Ring.STYLE, STYLE, content(), data(), SCRIPT);
    }

    private static String hash(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("expected every JDK to have SHA-256", e);
        }
    }

    private String content() {
        int steps = plot.events().size();
        String file = Escapes.html(caption.source().file());
        String ring = plot.ring().isEmpty()
                ? ""
                : "<figure id=\"ring\" hidden>" + Ring.svg(plot.ring(), plot.threads())
                        + "<figcaption>A ring: nobody in it can ever go on.</figcaption></figure>\n";
        return """
            <h1>%s</h1>
            <p class="what">%s</p>
            <div id="picture" role="group" aria-label="Picture"><div id="labels"></div><div id="lanes" tabindex="0" role="group" aria-label="Lanes, from left to right"></div></div>
            <div class="controls">
            <button type="button" id="back" aria-label="One step back">&#9664;</button>
            <label for="step">Step <output id="number" for="step"></output></label>
            <input type="range" id="step" min="0" max="%d" value="%d">
            <button type="button" id="on" aria-label="One step on">&#9654;</button>
            <button type="button" id="play">Play</button>
            </div>
            <div class="parts">
            <div>
            <p id="now" aria-live="polite"></p>
            %s</div>
            <div class="source" id="source" tabindex="0" role="group" aria-label="Source: %s">
            <h2>%s</h2>
            <pre>
            %s</pre>
            </div>
            </div>
            <p class="what">%s</p>
            <details id="text"><summary>The same as text</summary><pre>%s</pre></details>
            """.formatted(
                        Escapes.html(caption.title()),
                        Escapes.html(caption.what()),
                        steps,
                        steps,
                        ring,
                        file,
                        file,
                        listing(),
                        Escapes.html(caption.facts()),
                        Escapes.html(new Columns(caption, plot, TEXT_WIDTH).text()));
    }

    private String listing() {
        StringBuilder lines = new StringBuilder();
        int number = caption.source().firstLine();
        for (String line : indented(caption.source().lines())) {
            lines.append(
                    "<span class=\"line\" data-line=\"%d\"><span class=\"marks\"></span><span class=\"number\">%d</span>%s\n</span>"
                            .formatted(number, number, Escapes.html(line)));
            number++;
        }
        return lines.toString();
    }

    /** The lines without the blanks that all begin with. */
    private static List<String> indented(List<String> lines) {
        int common = lines.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
        return lines.stream()
                .map(line -> line.substring(Math.min(common, line.length())))
                .toList();
    }

    /** The number of a text in the data: steps that repeat have the same texts. */
    private int text(String text) {
        return texts.computeIfAbsent(text, _ -> texts.size());
    }

    private String data() {
        List<JsonLine> events = events();
        JsonLine data = new JsonLine()
                .withAll("texts", List.copyOf(texts.keySet()))
                .withAll("threads", plot.threads())
                .withObjects(
                        "rows",
                        plot.rows().stream()
                                .map(row -> new JsonLine()
                                        .with("name", row.name())
                                        .with("lock", row.lock())
                                        .with("start", row.start()))
                                .toList())
                .withObjects("events", events)
                .with("end", plot.verdict().sentence())
                .with("word", plot.verdict().word())
                .with("row", plot.verdict().row())
                .withAll(
                        "stuck",
                        plot.verdict().threads().stream().map(String::valueOf).toList());
        // The only character that can end a script, or begin a comment in one; it occurs in texts only.
        return data.toString().replace("<", "\\u003c");
    }

    private List<JsonLine> events() {
        List<JsonLine> lines = new ArrayList<>();
        for (int i = 0; i < plot.events().size(); i++) {
            Event event = plot.events().get(i);
            Plot.State before = plot.before(i);
            lines.add(line(
                    event,
                    changed(before.rows(), event.after().rows()),
                    changedHands(before.threads(), event.after().threads())));
        }
        return lines;
    }

    /** An event, without what most events don't have. */
    private JsonLine line(Event event, List<JsonLine> rows, List<JsonLine> threads) {
        JsonLine line = new JsonLine()
                .with("kind", event.kind().word())
                .with("thread", event.thread())
                .with("first", text(event.label().first()))
                .with("second", text(event.label().second()))
                .with("say", text(event.sentence()))
                .with("weight", event.weight());
        if (event.row() >= 0) {
            line.with("row", event.row());
        }
        if (event.to() >= 0) {
            line.with("to", event.to());
        }
        if (caption.source().line(event.place()) > 0) {
            line.with("line", caption.source().line(event.place()));
        }
        if (event.bad()) {
            line.with("bad", true);
        }
        if (!rows.isEmpty()) {
            line.withObjects("rows", rows);
        }
        if (!threads.isEmpty()) {
            line.withObjects("threads", threads);
        }
        return line;
    }

    private static List<JsonLine> changed(List<Cell> before, List<Cell> after) {
        List<JsonLine> changes = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) {
            if (!after.get(i).equals(before.get(i))) {
                changes.add(new JsonLine()
                        .with("i", i)
                        .with("value", after.get(i).value())
                        .with("who", after.get(i).who()));
            }
        }
        return changes;
    }

    private List<JsonLine> changedHands(List<Hand> before, List<Hand> after) {
        List<JsonLine> changes = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) {
            Hand hand = after.get(i);
            if (!hand.equals(before.get(i))) {
                changes.add(new JsonLine()
                        .with("i", i)
                        .with("copy", text(hand.copy()))
                        .with("stale", hand.stale())
                        .with("waits", text(hand.waits())));
            }
        }
        return changes;
    }
}
