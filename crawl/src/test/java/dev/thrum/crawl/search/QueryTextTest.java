package dev.thrum.crawl.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each query means. */
final class QueryTextTest {
    /** The parts as {@code -KIND(text)}. */
    private static String parsed(String query) {
        return QueryText.parse(query).stream()
                .map(clause -> (clause.isExcluded() ? "-" : "") + clause.kind() + "(" + clause.text() + ")")
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "one two               | WORDS(one) WORDS(two)",
                "\u00a0one\u3000two\t  | WORDS(one) WORDS(two)",
                "\"one two\" three     | WORDS(one two) WORDS(three)",
                "one -two              | WORDS(one) -WORDS(two)",
                "-\"one two\"          | -WORDS(one two)",
                "site:example.org x    | SITE(example.org) WORDS(x)",
                "-site:example.org     | -SITE(example.org)",
                "SITE:Example.org      | SITE(Example.org)",
                "title:one             | TITLE(one)",
                "title:\"one two\"     | TITLE(one two)",
                "-title:one            | -TITLE(one)",
                "title: one            | WORDS(title:) WORDS(one)",
                "site:                 | WORDS(site:)",
                "one - two             | WORDS(one) WORDS(-) WORDS(two)",
                "-                     | WORDS(-)",
                "--one                 | -WORDS(-one)",
                "one-two               | WORDS(one-two)",
                "one\"two three\"four  | WORDS(one) WORDS(two three) WORDS(four)",
                "\"one two             | WORDS() WORDS(one) WORDS(two)",
                "one two\"             | WORDS(one) WORDS(two) WORDS()",
                "\"\"                  | WORDS()",
                "body:one AND (two)    | WORDS(body:one) WORDS(AND) WORDS((two))",
                "one* ?two~ [a TO b]   | WORDS(one*) WORDS(?two~) WORDS([a) WORDS(TO) WORDS(b])",
            })
    void query_always_hasAMeaning(String query, String meaning) {
        assertThat(parsed(query)).isEqualTo(meaning);
    }

    @Test
    void anyText_always_isAQuery() {
        SplittableRandom random = new SplittableRandom(4711);
        String signs = "\"\"--:: \t\u3000atitle:site:()[]{}*?~^+!&|\\/\ud83d\ude00\ud800\0";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder query = new StringBuilder();
            for (int length = random.nextInt(30); length > 0; length--) {
                query.append(signs.charAt(random.nextInt(signs.length())));
            }
            String text = query.toString();
            String found = QueryText.parse(text).stream().map(Clause::text).collect(Collectors.joining());
            assertThat(found.length()).as(text).isLessThanOrEqualTo(text.length());
        }
    }
}
