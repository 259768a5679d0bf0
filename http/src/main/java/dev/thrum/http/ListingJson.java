package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.temporal.ChronoUnit;

/** A folder as JSON, for programs. */
final class ListingJson {
    private ListingJson() {}

    static Response answer(Listing listing, Headers common) {
        StringBuilder json = new StringBuilder("[");
        for (Listing.Entry entry : listing.entries()) {
            json.append(json.length() == 1 ? "\n" : ",\n").append("{\"name\":\"");
            escape(entry.name(), json);
            json.append("\",\"type\":\"").append(entry.folder() ? "directory" : "file");
            json.append("\",\"size\":").append(entry.size());
            json.append(",\"modified\":\"")
                    .append(entry.modified().truncatedTo(ChronoUnit.SECONDS))
                    .append("\"}");
        }
        json.append("\n]\n");
        Headers headers = Headers.of("Content-Type", "application/json").and(common);
        // An array has no other place to say it.
        return Response.of(
                200,
                listing.complete() ? headers : headers.and("Listing-Complete", "no"),
                json.toString().getBytes(UTF_8));
    }

    /** Control characters are in no name that is listed. */
    private static void escape(String name, StringBuilder json) {
        name.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                json.append('\\');
            }
            json.append((char) c);
        });
    }
}
