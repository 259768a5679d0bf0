package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofPages;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.Expectation.Flaw;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.util.ArrayList;
import java.util.List;

/** Statuses that are not 200. */
final class StatusFaults {
    private StatusFaults() {}

    static List<WebFault> all() {
        List<WebFault> all = new ArrayList<>();
        for (int status : List.of(204, 304, 400, 401, 403, 404, 410, 418)) {
            all.add(ofPages(
                    "status-" + status,
                    "Status " + status + ".",
                    corner -> corner.faulty("page", once(corner, status), WebResponse.status(status))));
        }
        all.addAll(List.of(
                ofPages(
                        "status-404-with-page",
                        "A page that says that there is none.",
                        corner -> corner.faulty(
                                "page", once(corner, 404), corner.html("page").withStatus(404))),
                ofPages("status-206", "A part that was not asked for.", StatusFaults::part),
                ofPages("status-500-for-ever", "Status 500, always.", it -> forEver(it, 500)),
                ofPages("status-502-for-ever", "Status 502, always.", it -> forEver(it, 502)),
                ofPages("status-500-twice", "Status 500 twice, and then fine.", StatusFaults::twice),
                ofPages(
                        "status-999",
                        "A status of no known class.",
                        corner -> corner.faulty(
                                "page", once(corner, 0).times(1, Expectation.TRIES), WebResponse.status(999)))));
        return List.copyOf(all);
    }

    private static Expectation once(Corner corner, int status) {
        return Expectation.flawed(corner.url("page"), Flaw.ANY).status(status).times(1, 1);
    }

    private static void part(Corner corner) {
        WebResponse part = corner.html("page").withStatus(206).with("Content-Range: bytes 0-99/100000");
        corner.faulty("page", once(corner, 206).times(1, Expectation.TRIES), part);
    }

    private static void forEver(Corner corner, int status) {
        corner.faulty("page", once(corner, status).times(2, Expectation.TRIES), WebResponse.status(status));
    }

    private static void twice(Corner corner) {
        WebResponse wrong = WebResponse.status(500);
        Expectation expected = Expectation.fetched(corner.url("page"))
                .title(corner.title("page"))
                .times(3, Expectation.TRIES);
        corner.faulty("page", expected, wrong, wrong, corner.html("page", "child"))
                .page("child");
    }
}
