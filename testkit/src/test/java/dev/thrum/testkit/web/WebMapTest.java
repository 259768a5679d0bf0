package dev.thrum.testkit.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.testkit.web.faults.Catalogue;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WebMapTest {
    private static final int PORT = 8_080;
    private static final WebPlan PLAN = WebPlan.of(7).withHosts(3).withPages(120);
    private static final WebMap MAP = PLAN.at(PORT);

    @Test
    void pages_whenTheSeedIsTheSame_areTheSame() {
        assertThat(sources(PLAN.at(PORT))).isEqualTo(sources(MAP));
    }

    @Test
    void pages_whenTheSeedDiffers_differ() {
        WebMap other = WebPlan.of(8).withHosts(3).withPages(120).at(PORT);

        assertThat(sources(other)).isNotEqualTo(sources(MAP));
    }

    private static List<String> sources(WebMap map) {
        return map.pages().map(WebMap::html).toList();
    }

    @Test
    void reachable_fromTheSeeds_isEveryPage() {
        assertThat(MAP.reachable(_ -> true))
                .hasSize(3 * 120)
                .containsExactlyInAnyOrderElementsOf(
                        MAP.pages().map(PlannedPage::url).toList());
    }

    @Test
    void reachable_isClosedUnderTheLinksOfThePages() {
        Set<String> reachable = new HashSet<>(MAP.reachable(_ -> true));

        assertThat(MAP.pages().flatMap(page -> page.links().stream()).map(PlannedLink::to))
                .allSatisfy(to -> assertThat(reachable).contains(to));
    }

    @Test
    void generated_depthsGrowByAtMostOneAlongALink() {
        Map<String, Integer> depths = MAP.generated(_ -> true);

        assertThat(MAP.seeds()).allSatisfy(seed -> assertThat(depths).containsEntry(seed, 0));
        assertThat(MAP.pages())
                .allSatisfy(page -> assertThat(page.links())
                        .allSatisfy(link -> assertThat(depths.get(link.to()))
                                .isLessThanOrEqualTo(requireNonNull(depths.get(page.url())) + 1)));
    }

    @Test
    void generated_withinAScope_hasNothingElse() {
        String host = "http://" + MAP.hosts().getFirst() + "/";

        assertThat(MAP.generated(url -> url.startsWith(host)).keySet())
                .hasSize(120)
                .allMatch(url -> url.startsWith(host));
    }

    @Test
    void markersAndTitles_areThoseOfOnePageEach() {
        assertThat(MAP.pages().map(PlannedPage::marker)).doesNotHaveDuplicates();
        assertThat(MAP.pages().map(PlannedPage::title)).doesNotHaveDuplicates();
        assertThat(MAP.pages()).allSatisfy(page -> assertThat(WebMap.html(page)).containsOnlyOnce(page.marker() + " "));
    }

    @Test
    void links_areInThePagesAsTheyAreWritten() {
        assertThat(MAP.pages())
                .allSatisfy(page -> assertThat(page.links())
                        .allSatisfy(link -> assertThat(WebMap.html(page)).contains("href=\"" + link.href() + "\"")));
    }

    /** Those that the JDK understands; all of them are compared with the crawler's own resolution in module crawl. */
    @Test
    void links_whenPlain_resolveToWhatTheyMean() {
        long checked = MAP.pages()
                .mapToLong(page -> page.links().stream()
                        .filter(link -> link.href().matches("(\\.?\\.?/)[a-z0-9./%A-Z-]*"))
                        .filter(link ->
                                !link.href().contains("%6") && !link.href().contains("%7"))
                        .peek(link -> assertThat(URI.create(page.url())
                                        .resolve(link.href())
                                        .normalize())
                                .hasToString(link.to()))
                        .count())
                .sum();

        assertThat(checked).isGreaterThan(500);
    }

    @Test
    void spellings_areAllUsed() {
        String all = MAP.pages()
                .flatMap(page -> page.links().stream())
                .map(PlannedLink::href)
                .collect(Collectors.joining(" "));

        assertThat(all).contains("../", "HTTP://", "0X7F", "&#x2F;", "#part", "/up/./..", "\\", "\n", "ü", ":0" + PORT);
    }

    @Test
    void typicalPages_haveAbout17KB() {
        WebMap map = WebPlan.of(1).withTypicalPages().at(PORT);

        assertThat(map.pages().map(page -> WebMap.html(page).length()))
                .allSatisfy(length -> assertThat(length).isBetween(15_000, 19_000));
    }

    @Test
    void page_whenSpelledInAnotherWay_isTheSame() {
        String url = MAP.pages()
                .map(PlannedPage::url)
                .filter(it -> it.contains("%C3"))
                .findFirst()
                .orElseThrow();

        assertThat(MAP.page(url.replace("%C3", "%c3").replace("/gr", "/%67r"))).isEqualTo(MAP.page(url));
        assertThat(MAP.page(url + "x")).isEmpty();
    }

    @Test
    void seeds_withAFaultOfAHost_haveItsIndexAndNotTheHostOutside() {
        WebMap map = WebPlan.of(1).with(Catalogue.named("robots-404")).at(PORT);

        assertThat(map.seeds())
                .containsExactly("http://127.0.0.2:8080/", "http://127.0.0.3:8080/", "http://127.0.0.5:8080/");
        assertThat(map.outside()).isEqualTo("127.0.0.4:8080");
    }

    @Test
    void urls_whenPlanned_haveNamesOrNoPort() {
        assertThat(WebPlan.of(1).withNames().at(PORT).seeds()).startsWith("http://host0.test:8080/");
        assertThat(WebPlan.of(1).at(80).seeds()).startsWith("http://127.0.0.2/");
    }

    @Test
    void plan_whenFaultsHaveNoOtherHost_isRefused() {
        WebPlan one = WebPlan.of(1).withHosts(1);

        assertThatThrownBy(() -> one.with(Catalogue.all().getFirst()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least two hosts");
    }

    @Test
    void hosts_haveAddressesAndNamesThatLeadBack() {
        for (int number : List.of(0, 1, 249, 250, 999, 63_999)) {
            assertThat(WebHosts.number(WebHosts.literal(number))).hasValue(number);
            assertThat(WebHosts.number("www." + WebHosts.name(number))).hasValue(number);
            assertThat(WebHosts.address(number).getHostAddress()).isEqualTo(WebHosts.literal(number));
        }
        assertThat(List.of("127.0.0.1", "127.0.0.252", "127.1.0.2", "host.test", "host64000.test", "hostx"))
                .allSatisfy(host -> assertThat(WebHosts.lookUp(host)).isEmpty());
    }
}
