package dev.thrum.http;

import java.util.Locale;

/**
 * The media types that a client accepts, with their weights (RFC 9110, 12.5.1). Of the ranges that match a type, the
 * most specific one counts. Immutable.
 */
public final class Acceptance {
    private final Headers headers;

    private Acceptance(Headers headers) {
        this.headers = headers;
    }

    /** Reads the field {@code Accept} of a request; without it, every type is accepted. */
    public static Acceptance of(Headers headers) {
        return new Acceptance(headers);
    }

    /**
     * Whether a client asks for a type: {@code Accept} names it, or all of its kind, as {@code text/html} or {@code
     * text/*} do for {@code text/html}, and does not prefer the other type. {@code *}{@code /*} names no type.
     *
     * @param type in lower case, without parameters
     * @param other the type that the client gets otherwise
     */
    public boolean names(String type, String other) {
        return !takesAnything()
                && Math.max(weight(type), weight(kind(type))) >= 0
                && quality(type) > 0
                && quality(type) >= quality(other);
    }

    /**
     * Whether there is no {@code Accept}, or only {@code *}{@code /*}, as programs send it. Most requests are like
     * that, so nothing is copied.
     */
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

    /** The weight of exactly this range; -1 if it is not in the list. */
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

    /** The weight of an element of a list (RFC 9110, 12.4.2); 1 if there is none, or it is malformed. */
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
