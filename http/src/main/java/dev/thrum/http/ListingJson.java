package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A folder as JSON, for programs. */
final class ListingJson {
    private ListingJson() {}

    static Response answer(Listing listing, Headers common) {
        StringBuilder json = new StringBuilder("[");
        ListDates dates = new ListDates(json);
        for (Listing.Entry entry : listing.entries()) {
            json.append(json.length() == 1 ? "\n" : ",\n").append("{\"name\":\"");
            escape(entry.name(), json);
            json.append("\",\"type\":\"").append(entry.folder() ? "directory" : "file");
            json.append("\",\"size\":").append(entry.size());
            json.append(",\"modified\":\"");
            dates.exact(entry.modified());
            json.append("\"}");
        }
        json.append("\n]\n");
        Headers headers = Headers.of("Content-Type", "application/json").and(common);
        // An array has no other place to say it.
        return Response.of(
                200,
                listing.complete() ? headers : headers.and("Listing-Complete", "no"),
                new Response.Content.Bytes(json.toString().getBytes(UTF_8)));
    }

    /** Control characters are in no name that is listed. */
    private static void escape(String name, StringBuilder json) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\');
            }
            json.append(c);
        }
    }
}
