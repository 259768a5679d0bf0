package dev.thrum.crawl.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Directives of meta elements and of fields, and link types. */
final class DirectivesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "noindex | true | false",
                "NOFOLLOW | false | true",
                "none | true | true",
                "noindex,nofollow | true | true",
                "noindex nofollow | true | true",
                "' , index,,follow, NoIndex ' | true | false",
                "all | false | false",
                "'' | false | false",
                "noindexed no index | false | false",
                "nosnippet, noarchive, max-snippet:0, nofollow | false | true",
            })
    void ofContent_whateverTheForm_findsTheDirectives(String content, boolean noindex, boolean nofollow) {
        assertThat(Directives.ofContent(content)).isEqualTo(new Directives(noindex, nofollow));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "noindex | true | false",
                "None | true | true",
                "thrum: noindex | true | false",
                "THRUM:nofollow, noindex | true | true",
                "otherbot: noindex, nofollow | false | false",
                "nofollow, otherbot: noindex | false | true",
                "otherbot: noindex, thrum: nofollow | false | true",
                "thrum: nofollow, otherbot: noindex | false | true",
                "unavailable_after: 25 Jun 2010 15:00:00 PST, noindex | true | false",
                "unavailable_after: Friday, 25-Jun-10 15:00:00 UTC, nofollow | false | true",
                "unavailable_after: 2010-06-25T15:00:00Z, nofollow | false | true",
                "max-snippet: 20, max-image-preview:large, noindex | true | false",
                "otherbot: max-snippet: 20, noindex | false | false",
                "thrum : noindex | true | false",
                ": noindex | false | false",
                "':,:' | false | false",
            })
    void ofHeaders_whateverTheForm_findsTheDirectivesForUs(String value, boolean noindex, boolean nofollow) {
        assertThat(Directives.ofHeaders(List.of(value), "Thrum")).isEqualTo(new Directives(noindex, nofollow));
    }

    @Test
    void ofHeaders_whenThereAreMany_eachBeginsWithoutAnAgent() {
        assertThat(Directives.ofHeaders(List.of("otherbot: noindex", "nofollow", "thrum: x"), "thrum"))
                .isEqualTo(new Directives(false, true));
        assertThat(Directives.ofHeaders(List.of(), "thrum")).isEqualTo(Directives.NONE);
    }

    @Test
    void scan_whenMetasAddressUsOrAll_joinsTheirDirectives() {
        assertThat(Scans.scan("<meta name=Robots content=noindex><meta name=thrum content=NOFOLLOW>")
                        .directives())
                .isEqualTo(new Directives(true, true));
        assertThat(Scans.scan("<meta name=googlebot content=none><meta name=robots><meta content=none>")
                        .directives())
                .isEqualTo(Directives.NONE);
        assertThat(Scans.scan("<template><meta name=robots content=none></template>")
                        .directives())
                .isEqualTo(Directives.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "nofollow,true",
        "NoFollow,true",
        "'noopener \n NOFOLLOW ugc',true",
        "nofollowed,false",
        "no nofollow2,false",
        "x-nofollow,false",
        "nofollowed nofollow,true",
        "'',false"
    })
    void isNoFollow_whateverTheForm_isTrueForThatTypeOnly(String rel, boolean expected) {
        assertThat(Scans.scan("<a href=x rel='" + rel + "'>").links().getFirst().isNoFollow())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "5; url=a | a",
                "0;URL='a b' | a b",
                "0;url=\"a'b\"c | a'b",
                "0,a | a",
                "0 a | a",
                "0;ur | ur",
                "0;urn:x | urn:x",
                "0;url:x | url:x",
                "0; URL = a | a",
                "0; 'a | a",
                ".5;a | a",
                "1.5.2;url= a | a",
                "` 5 ; a ` | a",
            })
    void target_ofRefresh_isThatOfTheStandard(String content, String expected) {
        assertThat(Refresh.target(content)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"5", "5;", "5; url=", "'5;url='''", "a;b", "-1;a", "5x;a", "''", "url=a"})
    void target_withoutOne_isEmpty(String content) {
        assertThat(Refresh.target(content)).isEmpty();
    }
}
