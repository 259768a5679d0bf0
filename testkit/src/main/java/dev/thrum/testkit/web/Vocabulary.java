package dev.thrum.testkit.web;

import java.util.random.RandomGenerator;

/** The words of generated texts: invented ones, and a few that are not ASCII. */
final class Vocabulary {
    private static final String CONSONANTS = "bdfgklmnprstvz";
    private static final String VOWELS = "aeiou";
    private static final int SYLLABLES = CONSONANTS.length() * VOWELS.length();
    private static final int WORDS = 2_000;
    private static final String[] SPECIAL = {"Grüße", "naïve", "東京", "Ægir"};

    /** The chance of a word outside of ASCII is one in this. */
    private static final int RARITY = 60;

    private Vocabulary() {}

    /** The word of this number, of one to four syllables. */
    static String word(int number) {
        StringBuilder word = new StringBuilder();
        int left = Math.floorMod(number, SYLLABLES * SYLLABLES * SYLLABLES);
        do {
            syllable(word, left % SYLLABLES);
            left /= SYLLABLES;
        } while (left > 0);
        if (word.length() == 2) {
            word.append("na");
        }
        return word.toString();
    }

    private static void syllable(StringBuilder word, int number) {
        word.append(CONSONANTS.charAt(number / VOWELS.length())).append(VOWELS.charAt(number % VOWELS.length()));
    }

    /** A word that a page has for itself; no other word begins like it. */
    static String marker(int host, int page) {
        StringBuilder word = new StringBuilder("xq");
        for (long left = host * 10_000_000L + page + 1; left > 0; left /= 20) {
            word.append((char) ('a' + left % 20));
        }
        return word.toString();
    }

    /** About this many bytes of words, each followed by a space. */
    static String text(RandomGenerator random, int bytes) {
        StringBuilder text = new StringBuilder(bytes + 16);
        while (text.length() < bytes) {
            if (random.nextInt(RARITY) == 0) {
                text.append(SPECIAL[random.nextInt(SPECIAL.length)]);
            } else {
                text.append(word(random.nextInt(WORDS)));
            }
            text.append(' ');
        }
        return text.toString();
    }
}
