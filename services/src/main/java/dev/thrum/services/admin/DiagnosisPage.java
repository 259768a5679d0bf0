package dev.thrum.services.admin;

import static dev.thrum.http.HtmlPage.escaped;

import dev.thrum.base.Plural;
import dev.thrum.http.HtmlPage;
import dev.thrum.http.Response;
import dev.thrum.services.admin.Diagnosis.Finding;
import dev.thrum.services.admin.Diagnosis.Group;
import dev.thrum.services.admin.Diagnosis.Inversion;
import dev.thrum.services.admin.Diagnosis.LockState;
import dev.thrum.services.admin.Diagnosis.LoopState;
import dev.thrum.services.admin.Diagnosis.Order;
import dev.thrum.services.admin.Diagnosis.QueueState;
import dev.thrum.services.admin.Diagnosis.RequestState;
import java.util.List;

/** A diagnosis as a page, for browsers. Used by one thread. */
final class DiagnosisPage {
    private static final String STYLE = """
              :root { --bad: #c2182b; --bad2: #ffe3e6; --ok: #1a7f37; --a: #0b63ce; }
              @media (prefers-color-scheme: dark) { :root { --bad: #ff7685; --bad2: #4a1820; --ok: #5bd07c; --a: #6cb0ff; } }
              h2 { font-size: 1.05rem; margin: 0 0 .25rem; }
              section p { margin: 0 0 .25rem; }
              ol { margin: 0; padding-left: 1.4rem; }
              li { margin: .25rem 0; }
              .bad { border-left: 4px solid var(--bad); background: var(--bad2); }
              .ok { border-left: 4px solid var(--ok); }
              .kind { color: var(--bad); font-weight: 700; }
              .next { color: var(--dim); display: block; }
              summary { cursor: pointer; }
              pre { margin: .25rem 0 .5rem; overflow-x: auto; color: var(--dim); }
              svg text { font: 14px system-ui, sans-serif; fill: currentColor; }
              svg .label { font-size: 12px; stroke: var(--bad2); stroke-width: 4px; paint-order: stroke; }
              .picture { overflow-x: auto; }
              svg .waits { fill: var(--bad); }
            """;

    private final Diagnosis facts;
    private final StringBuilder page = HtmlPage.begin("Thrum: threads", STYLE);

    DiagnosisPage(Diagnosis facts) {
        this.facts = facts;
    }

    Response response() {
        page.append("<h1>Threads</h1>\n<p>The server is ")
                .append(escaped(facts.status()))
                .append(". ")
                .append(Plural.of(facts.threads().count(), "thread"))
                .append(", ")
                .append(facts.threads().virtual())
                .append(
                        " of them virtual. Reload for a new look; <code>thrum doctor</code> prints the findings.</p>\n");
        findings();
        facts.locks().deadlocks().forEach(this::deadlock);
        waits();
        facts.locks().inversions().forEach(this::inversion);
        loops();
        queues();
        request();
        threads();
        return HtmlPage.end(page, 200).with("Vary", "Accept");
    }

    private void begin(String kind, String title) {
        page.append("<section class=\"card").append(kind).append("\">\n<h2>");
        page.append(escaped(title)).append("</h2>\n");
    }

    private void end() {
        page.append("</section>\n");
    }

    private void findings() {
        if (facts.findings().isEmpty()) {
            begin(" ok", "Nothing to look at");
            page.append("<p>No deadlock, no blocked loop, no long wait.</p>\n");
        } else {
            begin(" bad", Plural.of(facts.findings().size(), "finding") + ", the worst first");
            page.append("<ol>\n");
            for (Finding finding : facts.findings()) {
                page.append("<li><span class=\"kind\">").append(escaped(finding.kind()));
                page.append("</span>: ").append(escaped(finding.text()));
                page.append(" <span class=\"next\">Next: ").append(escaped(finding.next()));
                page.append("</span></li>\n");
            }
            page.append("</ol>\n");
        }
        end();
    }

    private void deadlock(List<LockState> cycle) {
        begin(" bad", "Deadlock");
        page.append("<div class=\"picture\">")
                .append(new DeadlockRing(cycle).svg())
                .append("</div>\n");
        end();
    }

    /** Begins a table with these columns. */
    private void table(String... columns) {
        page.append("<table>\n<thead><tr>");
        for (String column : columns) {
            page.append("<th scope=\"col\">").append(escaped(column)).append("</th>");
        }
        page.append("</tr></thead>\n<tbody>\n");
    }

    private void row(String... cells) {
        page.append("<tr>");
        for (String cell : cells) {
            page.append("<td>").append(escaped(cell)).append("</td>");
        }
        page.append("</tr>\n");
    }

    private void endTable() {
        page.append("</tbody>\n</table>\n");
    }

    private void waits() {
        if (facts.locks().waits().isEmpty()) {
            return;
        }
        begin("", "Waits for named locks");
        table("Thread", "Lock", "Waits for", "Held by", "At least for");
        for (LockState wait : facts.locks().waits()) {
            row(
                    wait.thread(),
                    wait.lock(),
                    Findings.time(wait.waitedSeconds()) + (wait.timed() ? " (with a time limit)" : ""),
                    wait.heldBy(),
                    Findings.time(wait.heldSeconds()));
        }
        endTable();
        end();
    }

    private void inversion(Inversion inversion) {
        begin(" bad", "Locks acquired in contradicting orders");
        page.append("<p>Threads that do so at the same time can deadlock. Found at ");
        page.append(escaped(inversion.since())).append(".</p>\n");
        for (Order order : inversion.orders()) {
            stack(
                    "\"" + order.acquired() + "\" while \"" + order.held() + "\" was held, first by " + order.thread()
                            + " at " + order.since(),
                    order.stack(),
                    true);
        }
        end();
    }

    private void stack(String title, List<String> frames, boolean open) {
        page.append("<details").append(open ? " open" : "").append("><summary>");
        page.append(escaped(title)).append("</summary><pre><code>");
        frames.forEach(frame -> page.append(escaped(frame)).append('\n'));
        page.append("</code></pre></details>\n");
    }

    private void loops() {
        if (facts.loops().isEmpty()) {
            return;
        }
        begin("", "Loops");
        table("Loop", "Connections", "Lag", "Kept by");
        for (LoopState loop : facts.loops()) {
            row(
                    loop.name(),
                    Integer.toString(loop.connections()),
                    Findings.time(loop.lagSeconds()),
                    loop.keeper().orElse(""));
        }
        endTable();
        for (LoopState loop : facts.loops()) {
            loop.keeper().ifPresent(thread -> stack(thread + " keeps " + loop.name(), loop.stack(), true));
        }
        end();
    }

    private void queues() {
        begin("", "Queues");
        table("Queue", "Items", "Oldest, at least");
        for (QueueState queue : facts.queues()) {
            row(queue.name(), Long.toString(queue.waiting()), Findings.time(queue.oldestSeconds()));
        }
        endTable();
        end();
    }

    private void request() {
        RequestState request = facts.oldestRequest();
        if (request == null) {
            return;
        }
        begin("", "Oldest request");
        String what = request.exchange().isEmpty() ? "The handler" : request.exchange();
        page.append("<p>").append(escaped(what)).append(" of connection ").append(request.connection());
        page.append(" has taken ").append(escaped(Findings.time(request.busySeconds())));
        page.append(" so far and waits for ")
                .append(escaped(request.waitsFor()))
                .append(".</p>\n");
        stack(request.thread(), request.stack(), false);
        end();
    }

    private void threads() {
        begin("", "Threads with equal stacks");
        for (Group group : facts.threads().groups()) {
            String place = StackGroups.place(group.stack());
            stack(
                    Plural.of(group.count(), "thread") + ", " + group.state()
                            + (group.count() == 1 ? ", " : ", the oldest is ") + group.oldest()
                            + (place.isEmpty() ? "" : ": " + place),
                    group.stack(),
                    false);
        }
        if (facts.threads().more() > 0) {
            page.append("<p>And ").append(Plural.of(facts.threads().more(), "thread"));
            page.append(" with other stacks.</p>\n");
        }
        end();
    }
}
