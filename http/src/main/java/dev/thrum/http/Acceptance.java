package dev.thrum.http;

import java.util.Locale;

/**
 * Which media types a client accepts, and how much (RFC 9110, 12.5.1): of the ranges that match a type, the most precise
 * counts. Immutable.
 */
public final class Acceptance {
    private final Headers headers;

    private Acceptance(Headers headers) {
        this.headers = headers;
    }

    /** What the field {@code Accept} says; without one, anything. */
    public static Acceptance of(Headers headers) {
        return new Acceptance(headers);
    }

    /**
     * Whether a client wants this type: it names it, or all of its kind, as {@code text/html} or {@code text/*} do for
     * {@code text/html}, and it does not prefer the other one. Who says that it takes anything names none.
     */
    public boolean names(String type, String other) {
        return !takesAnything()
                && Math.max(weight(type), weight(kind(type))) >= 0
                && quality(type) > 0
                && quality(type) >= quality(other);
    }

    /** Whether nothing but that is said, as programs do: most requests, so it is found out without a copy. */
    private boolean takesAnything() {
        int first = headers.indexOf("Accept", 0);
        return first < 0 || (headers.valueIs(first, "*/*") && headers.indexOf("Accept", first + 1) < 0);
    }

    /** From 0, not acceptable, to 1. */
    private double quality(String type) {
        for (String range : new String[] {type, kind(type), "*/*"}) {
            double weight = weight(range);
            if (weight >= 0) {
                return weight;
            }
        }
        return headers.contains("Accept") ? 0 : 1;
    }

    private static String kind(String type) {
        return type.substring(0, type.indexOf('/') + 1) + "*";
    }

    /** What is said of exactly this range; below 0 for nothing. */
    private double weight(String range) {
        for (String element : headers.elements("Accept")) {
            int end = element.indexOf(';');
            String name = end < 0 ? element : element.substring(0, end);
            if (name.strip().toLowerCase(Locale.ROOT).equals(range)) {
                return weightOf(element);
            }
        }
        return -1;
    }

    /** The weight that an element of a list has (RFC 9110, 12.4.2); 1 where none is given, or one that is malformed. */
    static double weightOf(String element) {
        String[] parts = element.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.matches("[qQ]=[01](\\.\\d{0,3})?")) {
                return Math.min(1, Double.parseDouble(parameter.substring(2)));
            }
        }
        return 1;
    }
}
