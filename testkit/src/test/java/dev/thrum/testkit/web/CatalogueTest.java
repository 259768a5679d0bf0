package dev.thrum.testkit.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.testkit.web.faults.Catalogue;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The properties that all faults of the catalogue share. */
class CatalogueTest {
    private static final int PORT = 8_080;

    static Stream<WebFault> faults() {
        return Stream.concat(Catalogue.all().stream(), Catalogue.ofNames().stream());
    }

    @Test
    void names_areUniqueAndFitIntoUrls() {
        assertThat(faults().map(WebFault::name)).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z0-9-]+"));
        assertThatThrownBy(() -> Catalogue.named("no-such-fault")).hasMessageContaining("no-such-fault");
    }

    @Test
    void descriptions_areSentences() {
        assertThat(faults().map(WebFault::description)).allMatch(text -> text.endsWith("."));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void fault_byItself_hasExpectationsThatItsPagesCanMeet(WebFault fault) {
        WebMap map = WebPlan.of(1).withNames().with(fault).at(PORT);

        assertThat(map.expectations()).isNotEmpty();
        assertThat(map.expectations().stream().map(Expectation::url)).doesNotHaveDuplicates();
        assertThat(map.expectations())
                .filteredOn(expected -> expected.atLeast() > 0)
                .allSatisfy(expected -> assertThat(map.responder(asked(expected.url())))
                        .as("the responder of %s", expected.url())
                        .isPresent());
    }

    @Test
    void faults_allTogether_keepTheirOwnPlaces() {
        WebFault[] all = Catalogue.all().toArray(WebFault[]::new);
        WebMap map = WebPlan.of(1).with(all).at(PORT);

        Map<String, List<Expectation>> byUrl = map.expectations().stream()
                .filter(expected -> expected.atLeast() > 0)
                .collect(Collectors.groupingBy(Expectation::url));
        assertThat(byUrl.values()).allSatisfy(same -> assertThat(same).hasSize(1));
        assertThat(map.seeds()).doesNotHaveDuplicates();
    }

    private static Asked asked(String url) {
        int path = url.indexOf('/', "http://".length());
        return new Asked(1, "GET", url.substring("http://".length(), path), url.substring(path), Map.of(), 0, 0);
    }
}
