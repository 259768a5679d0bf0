package dev.thrum.crawl.url;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.client.url.Url;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlIdentityTest {
    private static final UrlIdentity IDENTITY = new UrlIdentity(1, 2, false);
    private static final UrlIdentity SORTED = new UrlIdentity(1, 2, true);
    private static final String UNRESERVED = "abcdefXYZ0189-._~";

    @ParameterizedTest
    @CsvSource({
        "HTTP://H:80, http://h/",
        "http://u:p@h/a#b, http://h/a",
        "http://h/%7euser/%41%2D%5f, http://h/~user/A-_",
        "http://h/%2fa%c3%bc, http://h/%2Fa%C3%BC",
        "http://h/a/%2E%2e/./b, http://h/b",
        "http://h//a///b//, http://h//a///b//",
        "http://h/a?, http://h/a?",
        "http://h/?b&a=1&&a=0, http://h/?b&a=1&&a=0",
        "http://h/%41?c, http://h/A?c",
        "http://h/%zz%4%, http://h/%zz%4%",
        "http://h/%%34%31, http://h/%%341",
        "http://h/%4%31?%%61%%4a, http://h/%4%31?%%61%J",
        "http://h/%%2f%%7a, http://h/%%2F%z",
        "http://h/?%61%26%3d%2B+, http://h/?a%26%3D%2B+",
        "http://h/%25%34%31, http://h/%2541",
        "https://h:443/, https://h/",
        "http://h:443/, http://h:443/",
        "http://0x7f.1/, http://127.0.0.1/",
        "http://ÜBER.example/ü, http://xn--ber-goa.example/%C3%BC",
    })
    void canonical_isWhatRfc3986CallsEquivalent(String url, String expected) {
        assertThat(IDENTITY.canonical(Url.parse(url))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/?b=2&a=1, http://h/?a=1&b=2",
        "http://h/?a=2&a=1&A=3, http://h/?A=3&a=1&a=2",
        "http://h/?a=&a&a=0, http://h/?a&a=&a=0",
        "http://h/?%62=1&&a, http://h/?&a&b=1",
        "http://h/?a.b=1&a=2, http://h/?a=2&a.b=1",
        "http://h/?, http://h/?",
        "http://h/, http://h/",
    })
    void canonical_withSortedQuery_hasParametersByNameAndValue(String url, String expected) {
        assertThat(SORTED.canonical(Url.parse(url))).isEqualTo(expected);
    }

    @Test
    void canonical_withSortedQuery_isTheSameForEachOrder_andHasAllParameters() {
        List<String> parameters = new ArrayList<>(List.of("a", "a=", "a=1", "a=1", "", "b=%26", "c=d=e", "%61=0"));
        Random random = new Random(5);
        String first = SORTED.canonical(Url.parse("http://h/?" + String.join("&", parameters)));

        for (int i = 0; i < 200; i++) {
            Collections.shuffle(parameters, random);
            String url = "http://h/?" + String.join("&", parameters);
            assertThat(SORTED.canonical(Url.parse(url))).isEqualTo(first);
            assertThat(first.substring(first.indexOf('?') + 1).split("&", -1)).hasSize(parameters.size());
        }
    }

    @Test
    void canonical_ofCanonical_isTheSame_andMeansTheSameBytes() {
        SplittableRandom random = new SplittableRandom(11);
        String[] pieces = {
            "%", "%", "2", "3", "4", "5", "e", "E", "A", "z", "/", ".", "?", "&", "=", "ü", " ", "%2", "%41"
        };

        for (int i = 0; i < 20_000; i++) {
            Url url = Url.parse("http://h/" + random(random, 10, pieces));
            for (UrlIdentity identity : List.of(IDENTITY, SORTED)) {
                String canonical = identity.canonical(url);
                assertThat(identity.canonical(Url.parse(canonical))).isEqualTo(canonical);
            }
            Url canonical = Url.parse(IDENTITY.canonical(url));
            assertThat(decoded(canonical.requestTarget())).isEqualTo(decoded(url.requestTarget()));
        }
    }

    private static String random(SplittableRandom random, int most, String... pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    /** The bytes of a target, as a server that decodes everything once would see them. */
    private static String decoded(String target) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < target.length(); i++) {
            String escape = target.substring(i, Math.min(i + 3, target.length()));
            if (escape.matches("%[0-9a-fA-F]{2}")) {
                bytes.write(Integer.parseInt(escape.substring(1), 16));
                i += 2;
            } else {
                bytes.write(target.charAt(i));
            }
        }
        return bytes.toString(ISO_8859_1);
    }

    @Test
    void key_isTheSame_forEachSpelling() {
        SplittableRandom random = new SplittableRandom(3);

        for (int i = 0; i < 5_000; i++) {
            String path = random(random, 5, "/", "a", "Z9", "~", "%2F", "%25", "%C3%BC", "x-y", ";", "=");
            String query = random.nextBoolean() ? "" : "?" + random(random, 5, "a", "=1", "&", "%26", "~", "/", "?");
            Url plain = Url.parse("http://example.org/" + path + query);
            Url spelled = Url.parse(spelledAuthority(random)
                    + spelled(random, plain.path(), true)
                    + spelled(
                            random, plain.requestTarget().substring(plain.path().length()), false)
                    + (random.nextBoolean() ? "#f" : ""));
            assertThat(IDENTITY.key(spelled)).as("%s and %s", plain, spelled).isEqualTo(IDENTITY.key(plain));
        }
    }

    private static String spelledAuthority(SplittableRandom random) {
        String[] authorities = {
            "http://example.org", "HTTP://EXAMPLE.ORG:", "http:\\\\Example.Org:80", "http://u:p@example.org:080"
        };
        return authorities[random.nextInt(authorities.length)];
    }

    private static String spelled(SplittableRandom random, String text, boolean isPath) {
        StringBuilder spelled = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                String escape = text.substring(i, i + 3);
                spelled.append(random.nextBoolean() ? escape : escape.toLowerCase(Locale.ROOT));
                i += 2;
            } else if (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0) {
                String escape = "%" + HexFormat.of().toHexDigits((byte) c);
                spelled.append(random.nextInt(3) > 0 ? String.valueOf(c) : escape);
            } else {
                spelled.append(c);
                spelled.append(isPath && c == '/' && random.nextInt(4) == 0 ? "./x/%2e%2E/" : "");
            }
        }
        return spelled.toString();
    }

    /** Two ways: a slow reference that compares what a URL is made of, by the text of the RFC. */
    @Test
    void canonical_isTheSame_exactlyIfTheReferenceSaysSo() {
        SplittableRandom random = new SplittableRandom(17);
        String[] origins = {"http://h", "HTTP://H:80", "http://h:443", "https://h", "https://h:443", "http://u@h"};
        int[] classes = {0, 0, 1, 2, 2, 0};
        String[] pieces = {
            "/", "/", ".", "..", "a", "%61", "%2e", "%2f", "%2F", "~", "%7E", "?", "?a", "&", "%26", "%3f"
        };
        int equal = 0;

        for (int i = 0; i < 60_000; i++) {
            int[] picked = {random.nextInt(origins.length), random.nextInt(origins.length)};
            String[] rests = {random(random, 4, pieces), random(random, 4, pieces)};
            boolean isEqual = classes[picked[0]] == classes[picked[1]]
                    && reference(rests[0]).equals(reference(rests[1]));
            String[] canonical = Arrays.stream(new int[] {0, 1})
                    .mapToObj(n -> IDENTITY.canonical(Url.parse(origins[picked[n]] + "/" + rests[n])))
                    .toArray(String[]::new);
            assertThat(canonical[0].equals(canonical[1]))
                    .as("%s and %s", Arrays.toString(rests), Arrays.toString(canonical))
                    .isEqualTo(isEqual);
            equal += isEqual ? 1 : 0;
        }
        assertThat(equal).isGreaterThan(1_000);
    }

    /** Path and query after a slash, with a private character for each octet that must stay encoded. */
    private static String reference(String rest) {
        int mark = rest.indexOf('?');
        String path = mark < 0 ? rest : rest.substring(0, mark);
        return withoutDots(octets("/" + path)) + (mark < 0 ? "" : octets(rest.substring(mark)));
    }

    private static String octets(String text) {
        StringBuilder octets = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                c = (char) Integer.parseInt(text.substring(i + 1, i + 3), 16);
                c = Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0 ? c : (char) (0xe000 + c);
                i += 2;
            }
            octets.append(c);
        }
        return octets.toString();
    }

    /** RFC 3986, 5.2.4, step by step. */
    private static String withoutDots(String path) {
        StringBuilder output = new StringBuilder();
        String input = path;
        while (!input.isEmpty()) {
            if (input.startsWith("/./") || input.equals("/.")) {
                input = "/" + input.substring(Math.min(3, input.length()));
            } else if (input.startsWith("/../") || input.equals("/..")) {
                input = "/" + input.substring(Math.min(4, input.length()));
                output.setLength(Math.max(output.lastIndexOf("/"), 0));
            } else {
                int end = input.indexOf('/', 1);
                end = end < 0 ? input.length() : end;
                output.append(input, 0, end);
                input = input.substring(end);
            }
        }
        return output.toString();
    }

    @Test
    void key_dependsOnTheKeyOfTheCrawl() {
        Url url = Url.parse("http://h/");

        assertThat(IDENTITY.key(url)).isEqualTo(SORTED.key(url)).isNotEqualTo(new UrlIdentity(1, 3, false).key(url));
    }

    @Test
    void key_isAnother_forAnotherUrl() {
        List<String> urls = List.of(
                "http://h/",
                "https://h/",
                "http://h:8080/",
                "http://h./",
                "http://h/?",
                "http://h//",
                "http://h/a",
                "http://h/A",
                "http://h/a/",
                "http://h/%2Fa",
                "http://h/%25",
                "http://h/%2525",
                "http://h/?a",
                "http://h/?a=",
                "http://h/?a&b",
                "http://h/?b&a",
                "http://h/a;b",
                "http://h/a%3Bb",
                "http://h/+",
                "http://h/%20");

        assertThat(urls.stream().map(Url::parse).map(IDENTITY::key).distinct()).hasSameSizeAs(urls);
    }
}
