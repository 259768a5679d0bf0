package dev.thrum.crawl.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * The words of a text, for every language alike: as Unicode separates them (UAX #29), folded by {@link FoldingFilter}, and pairs
 * of neighbours where Chinese, Japanese and Korean are written. There are no stop words, and no word is reduced to its stem.
 */
final class PageAnalyzer extends Analyzer {
    private static final int ALL_SCRIPTS =
            CJKBigramFilter.HAN | CJKBigramFilter.HIRAGANA | CJKBigramFilter.KATAKANA | CJKBigramFilter.HANGUL;

    private final boolean singles;

    private PageAnalyzer(boolean singles) {
        this.singles = singles;
    }

    /** For pages: next to each pair its characters are indexed too, so that a query of one character finds them. */
    static PageAnalyzer ofPages() {
        return new PageAnalyzer(true);
    }

    /** For queries: a character is searched by itself only if it has no neighbour. */
    static PageAnalyzer ofQueries() {
        return new PageAnalyzer(false);
    }

    @Override
    protected TokenStreamComponents createComponents(String field) {
        Tokenizer words = new StandardTokenizer();
        return new TokenStreamComponents(words, new CJKBigramFilter(new FoldingFilter(words), ALL_SCRIPTS, singles));
    }

    /** The first words of a text, in their order. */
    List<String> words(String text, int most) {
        List<String> words = new ArrayList<>();
        try (TokenStream stream = tokenStream(PageFields.BODY, text)) {
            CharTermAttribute term = stream.getAttribute(CharTermAttribute.class);
            stream.reset();
            while (words.size() < most && stream.incrementToken()) {
                words.add(term.toString());
            }
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException("expected to read a text in memory", e);
        }
    }
}
