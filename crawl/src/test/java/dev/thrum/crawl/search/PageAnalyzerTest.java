package dev.thrum.crawl.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which words a text has. */
final class PageAnalyzerTest {
    private static List<String> ofPage(String text) {
        try (PageAnalyzer analyzer = PageAnalyzer.ofPages()) {
            return analyzer.words(text, 10_000);
        }
    }

    private static List<String> ofQuery(String text) {
        try (PageAnalyzer analyzer = PageAnalyzer.ofQueries()) {
            return analyzer.words(text, 10_000);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The quick, brown FOX!      | the quick brown fox",
                "grüße Grüsse GRÜSSE grusse | grusse grusse grusse grusse",
                "Straße STRASSE STRAẞE      | strasse strasse strasse",
                "café CAFE\u0301 cafe       | cafe cafe cafe",
                "Ångström ångstrøm \u212Bngstrom | angstrom angstrom angstrom",
                "Æsop œuvre Łódź đak ı İ    | aesop oeuvre lodz dak i i",
                "ΟΔΟΣ οδός οδοσ             | οδοσ οδοσ οδοσ",
                "ЁЖ ёж еж Йод               | еж еж еж иод",
                "ﬁne ½ ＦＵＬＬ ͺa          | fine full a",
                "Zu\u00ADcker wo\u200Drd     | zucker word",
                "a_b 3.14 can't 192.168.0.1 | a_b 3.14 can't 192.168.0.1",
                "can’t                      | can't",
                "paral·lel paraŀlel         | parallel parallel",
                "हिन्दी                       | हिन्दी",
            })
    void word_always_isFolded(String text, String words) {
        assertThat(String.join(" ", ofPage(text))).isEqualTo(words);
        assertThat(ofQuery(text)).isEqualTo(ofPage(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "東京都    | 東京 京都",
                "京        | 京",
                "東京 tokyo 大学 | 東京 tokyo 大学",
                "한국어    | 한국 국어",
                "ｶﾞｷﾞ     | ガギ",
                "がか      | がか",
            })
    void pairs_ofChineseJapaneseAndKorean_areTheWordsOfAQuery(String text, String words) {
        assertThat(String.join(" ", ofQuery(text))).isEqualTo(words);
        assertThat(ofPage(text)).containsAll(ofQuery(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"東", "京", "都", "東京", "京都"})
    void page_always_hasEachCharacterAndEachPair(String word) {
        assertThat(ofPage("東京都")).contains(word);
    }

    @Test
    void word_inAnySpellingOfUnicode_isTheSame() {
        SplittableRandom random = new SplittableRandom(4711);
        for (int i = 0; i < 1_500; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(1, 8); length > 0; length--) {
                text.appendCodePoint(letter(random));
            }
            String word = text.toString();
            List<String> words = ofPage(word);
            assertThat(ofPage(Normalizer.normalize(word, Normalizer.Form.NFD)))
                    .as(word)
                    .isEqualTo(words);
            assertThat(ofPage(Normalizer.normalize(word, Normalizer.Form.NFC)))
                    .as(word)
                    .isEqualTo(words);
            assertThat(ofPage(word.toUpperCase(Locale.ROOT))).as(word).isEqualTo(words);
            assertThat(ofPage(String.join(" ", words))).as(word).isEqualTo(words);
        }
    }

    /** A small letter of Latin, Greek or Cyrillic, the large one of which is not newer than the tokenizer's Unicode. */
    private static int letter(SplittableRandom random) {
        while (true) {
            int point = random.nextInt(2) == 0 ? random.nextInt('a', 0x250) : random.nextInt(0x370, 0x500);
            if (Character.isLowerCase(point) && Character.isLetter(point) && Character.toUpperCase(point) < 0x2000) {
                return point;
            }
        }
    }

    @Test
    void anyText_always_hasWords() {
        SplittableRandom random = new SplittableRandom(4711);
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(60); length > 0; length--) {
                text.append((char) random.nextInt(1 << Character.SIZE));
            }
            assertThat(ofPage(text.toString()))
                    .allSatisfy(word -> assertThat(word).isNotEmpty());
        }
        assertThat(ofPage("x".repeat(1_000))).hasSize(4);
    }
}
