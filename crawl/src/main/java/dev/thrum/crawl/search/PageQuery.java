package dev.thrum.crawl.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/**
 * A query as Lucene runs it.
 *
 * @param words the words that a snippet marks, each with its place in the query
 * @param isCut whether it was too long, so that its end is not searched
 */
record PageQuery(Query query, Map<String, Integer> words, boolean isCut) {
    private static final int MOST_CHARACTERS = 1_000;
    private static final int MOST_WORDS = 64;

    /** How much a match counts, compared with one in the text. */
    private static final float TITLE_WEIGHT = 4;

    private static final float HEADINGS_WEIGHT = 2;

    /** How much the other fields count that match too: the best one decides. */
    private static final float OTHER_FIELDS = 0.2f;

    /**
     * Reads a query as a user has typed it.
     *
     * @param analyzer for queries
     */
    static PageQuery parse(String typed, PageAnalyzer analyzer) {
        boolean isLong = typed.length() > MOST_CHARACTERS;
        return new Translation(analyzer)
                .of(QueryText.parse(isLong ? typed.substring(0, MOST_CHARACTERS) : typed), isLong);
    }

    /** The translation of one query. */
    private static final class Translation {
        private final BooleanQuery.Builder all = new BooleanQuery.Builder();
        private final Map<String, Integer> words = new LinkedHashMap<>();
        private final PageAnalyzer analyzer;
        private int left = MOST_WORDS;
        private boolean isCut;
        private boolean requires;
        private boolean excludes;

        Translation(PageAnalyzer analyzer) {
            this.analyzer = analyzer;
        }

        PageQuery of(List<Clause> clauses, boolean isLong) {
            clauses.forEach(this::add);
            Query query;
            if (requires) {
                query = all.build();
            } else if (excludes) {
                query = all.add(MatchAllDocsQuery.INSTANCE, Occur.MUST).build();
            } else {
                query = MatchNoDocsQuery.INSTANCE;
            }
            return new PageQuery(query, words, isCut || isLong);
        }

        private void add(Clause clause) {
            if (clause.kind() == Clause.Kind.SITE) {
                if (!within(List.of(clause.text())).isEmpty()) {
                    Query site = new TermQuery(new Term(PageFields.SITE, SiteName.typed(clause.text())));
                    put(site, clause.isExcluded() ? Occur.MUST_NOT : Occur.FILTER);
                }
                return;
            }
            List<String> found = within(analyzer.words(clause.text(), left + 1));
            if (found.isEmpty()) {
                return;
            }
            Query query = clause.kind() == Clause.Kind.TITLE ? in(PageFields.TITLE, found) : anywhere(found);
            put(query, clause.isExcluded() ? Occur.MUST_NOT : Occur.MUST);
            if (!clause.isExcluded()) {
                found.forEach(word -> words.putIfAbsent(word, words.size()));
            }
        }

        /** The first of these words, as many as may still be searched. */
        private List<String> within(List<String> found) {
            int count = Math.min(left, found.size());
            isCut |= count < found.size();
            left -= count;
            return found.subList(0, count);
        }

        private void put(Query query, Occur occur) {
            all.add(query, occur);
            requires |= occur != Occur.MUST_NOT;
            excludes |= occur == Occur.MUST_NOT;
        }

        private static Query anywhere(List<String> found) {
            return new DisjunctionMaxQuery(
                    List.of(
                            new BoostQuery(in(PageFields.TITLE, found), TITLE_WEIGHT),
                            new BoostQuery(in(PageFields.HEADINGS, found), HEADINGS_WEIGHT),
                            in(PageFields.BODY, found)),
                    OTHER_FIELDS);
        }

        private static Query in(String field, List<String> found) {
            return found.size() == 1
                    ? new TermQuery(new Term(field, found.getFirst()))
                    : new PhraseQuery(field, found.toArray(String[]::new));
        }
    }
}
