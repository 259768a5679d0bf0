package dev.thrum.services.web;

import dev.thrum.http.server.Router;
import java.util.Map;

/** A part of the web service. */
public interface Routes {
    void addTo(Router.Builder routes);

    /** Its paths, each with a description, for the list of endpoints. */
    Map<String, String> endpoints();

    /** Its endpoints, for the page that shows them to people. */
    Endpoint.Group group();
}
