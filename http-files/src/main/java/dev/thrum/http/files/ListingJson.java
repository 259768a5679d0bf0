package dev.thrum.http.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.http.Headers;
import dev.thrum.http.Response;

/** A folder as JSON. */
final class ListingJson {
    private ListingJson() {}

    static Response response(Listing listing, Headers common) {
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
        Headers.Builder headers = Headers.builder()
                .add("Content-Type", "application/json")
                .addAll(common)
                .add("X-Content-Type-Options", "nosniff");
        // A JSON array has no place for these facts.
        if (!listing.complete()) {
            headers.add("Listing-Complete", "no");
        }
        if (listing.leftOut() > 0) {
            headers.add("Listing-Left-Out", Integer.toString(listing.leftOut()));
        }
        return Response.of(
                200, headers.build(), new Response.Content.Bytes(json.toString().getBytes(UTF_8)));
    }

    /** Control characters need no escapes: names with them are not listed. */
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
