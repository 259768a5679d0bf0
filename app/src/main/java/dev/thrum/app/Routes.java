package dev.thrum.app;

import dev.thrum.http.Router;
import java.util.Map;

/** A part of the web service. */
interface Routes {
    void addTo(Router.Builder routes);

    /** Its paths, each with what it does, for the list of endpoints. */
    Map<String, String> endpoints();

    /** Rows of the table of endpoints for people, as HTML, where the page does not have them by itself. */
    default String rows() {
        return "";
    }
}
