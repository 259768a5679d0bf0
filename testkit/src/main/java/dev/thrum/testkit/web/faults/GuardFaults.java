package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofHost;
import static dev.thrum.testkit.web.WebFault.ofPages;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.Reason;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.util.List;
import java.util.Map;

/** Ways to addresses where a crawl must not go; they are in no scope either, unless a test puts them there. */
final class GuardFaults {
    private static final String METADATA = "http://169.254.169.254/";

    /** Spellings of links, and the URLs that they mean. */
    private static final Map<String, String> SPELLINGS = Map.ofEntries(
            Map.entry("http://169.254.169.254/plain", METADATA + "plain"),
            Map.entry("http://2852039166/decimal", METADATA + "decimal"),
            Map.entry("http://0xA9FEA9FE/hexadecimal", METADATA + "hexadecimal"),
            Map.entry("http://0251.0376.0251.0376/octal", METADATA + "octal"),
            Map.entry("http://169.254.43518/short", METADATA + "short"),
            Map.entry("http://169.254.169.254./dot", METADATA + "dot"),
            Map.entry("http://%31%36%39.254.169.254/encoded", METADATA + "encoded"),
            Map.entry("http://１６９.254.169.254/wide", METADATA + "wide"),
            Map.entry("http://[::ffff:169.254.169.254]/mapped", "http://[::ffff:a9fe:a9fe]/mapped"),
            Map.entry("http://[::169.254.169.254]/compatible", "http://[::a9fe:a9fe]/compatible"),
            Map.entry("http://[64:ff9b::a9fe:a9fe]/nat64", "http://[64:ff9b::a9fe:a9fe]/nat64"),
            Map.entry("http://[2002:a9fe:a9fe::]/6to4", "http://[2002:a9fe:a9fe::]/6to4"),
            Map.entry("http://[fd00:ec2::254]/cloud", "http://[fd00:ec2::254]/cloud"),
            Map.entry("http://[::1]/loopback", "http://[::1]/loopback"),
            Map.entry("http://[fe80::1]/link-local", "http://[fe80::1]/link-local"),
            Map.entry("http://0/any", "http://0.0.0.0/any"),
            Map.entry("http://10.0.0.1/ten", "http://10.0.0.1/ten"),
            Map.entry("http://172.16.0.1/b", "http://172.16.0.1/b"),
            Map.entry("http://192.168.0.1/c", "http://192.168.0.1/c"),
            Map.entry("http://100.100.100.200/cloud", "http://100.100.100.200/cloud"));

    private GuardFaults() {}

    static List<WebFault> all() {
        return List.of(
                ofPages("guard-links", "Links to special addresses in every spelling.", GuardFaults::links),
                ofPages("guard-redirects", "Redirects to them.", GuardFaults::redirects),
                ofPages("guard-base", "A base with such an address.", GuardFaults::base),
                ofHost(
                        "guard-sitemap",
                        "A sitemap at such an address, and one that lists them.",
                        GuardFaults::sitemap));
    }

    private static Expectation never(String url) {
        return Expectation.skipped(url, Reason.GUARD, Reason.SCOPE);
    }

    private static void links(Corner corner) {
        SPELLINGS.forEach((href, url) -> corner.link(href).expect(never(url)));
        corner.link("good").page("good");
    }

    private static void redirects(Corner corner) {
        int number = 0;
        for (Map.Entry<String, String> spelling : SPELLINGS.entrySet()) {
            String path = "from" + ++number;
            Expectation from = Expectation.flawed(corner.url(path), Expectation.Flaw.ANY)
                    .times(1, 1)
                    .orSkipped(Reason.GUARD, Reason.REDIRECT);
            // The characters of a field are bytes.
            String location = spelling.getKey().replace("１６９", "169");
            corner.faulty(path, from, WebResponse.redirect(302, location))
                    .expect(Expectation.requested(spelling.getValue(), 0, 0));
        }
    }

    private static void base(Corner corner) {
        String page = corner.titled("<base href=\"" + METADATA + "\">", corner.title("page"), "latest");
        corner.faulty("page", Expectation.fetched(corner.url("page")), WebResponse.html(page))
                .expect(never(METADATA + "latest"));
    }

    private static void sitemap(Corner corner) {
        String robots = "Sitemap: " + METADATA + "map.xml\nSitemap: " + corner.url("map.txt") + "\n";
        corner.put("robots.txt", WebResponse.text(robots))
                .put("map.txt", WebResponse.text(METADATA + "listed\n" + corner.url("good") + "\n"))
                .page("good")
                .expect(never(METADATA + "listed"))
                .expect(Expectation.requested(METADATA + "map.xml", 0, 0));
    }
}
