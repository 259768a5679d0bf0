package dev.thrum.http.server;

import dev.thrum.http.HtmlPage;
import dev.thrum.http.HttpException;
import dev.thrum.http.Response;
import dev.thrum.http.Status;

/** An error as an HTML page. */
public final class ErrorPage {
    private ErrorPage() {}

    /** The page for an error, with its status; the error's header fields are not added. */
    public static Response response(HttpException error) {
        String title = error.status() + " " + Status.reason(error.status());
        StringBuilder page = HtmlPage.begin(title, "");
        page.append("<h1>").append(HtmlPage.escaped(title.strip())).append("</h1>\n");
        page.append("<p>").append(HtmlPage.escaped(sentence(error))).append("</p>\n");
        error.field()
                .ifPresent(field -> page.append("<p>The part of the request to correct: <code>")
                        .append(HtmlPage.escaped(field))
                        .append("</code></p>\n"));
        error.headers()
                .first("Retry-After")
                .filter(seconds -> seconds.matches("\\d{1,9}"))
                .ifPresent(seconds -> page.append("<p>Try again in ")
                        .append(seconds)
                        .append(seconds.equals("1") ? " second.</p>\n" : " seconds.</p>\n"));
        page.append("<p><a href=\"/\">To the start page</a></p>\n");
        return HtmlPage.end(page, error.status());
    }

    /** The error's message; a longer text if the message only repeats the title. */
    private static String sentence(HttpException error) {
        String message = error.message();
        if (!message.equalsIgnoreCase(Status.reason(error.status()))) {
            return message.endsWith(".") ? message : message + ".";
        }
        return switch (error.status()) {
            case 404 -> "There is nothing at this address.";
            case 405 -> "This address does not accept this method.";
            case 500 -> "The server failed to respond. Its log has the reason.";
            default -> message + ".";
        };
    }
}
