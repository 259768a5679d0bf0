package dev.thrum.http.server;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.Target;
import dev.thrum.http.syntax.Syntax;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Selects a handler by method and path. Immutable.
 *
 * <p>A pattern is a path of which whole segments may be parameters: {@code /users/{id}}. A parameter matches one
 * segment that is not empty; {@code {name...}} at the end, as in {@code /files/{path...}}, matches the rest, which may
 * be empty after a slash. Literal segments win over parameters, and those over the rest. Segments are compared after
 * they were percent-decoded, once. {@code /a} and {@code /a/} are different paths.
 *
 * <p>A path without a route gets 404; a path with routes for other methods 405, with {@code Allow}; a non-standard
 * method 501. HEAD is handled by the handler of GET, and OPTIONS by the router, unless they have routes of their own.
 * The route that matched is {@link Request#route}, its parameters {@link Request#pathParameter}.
 *
 * <p>A router may be the handler of a route of another one. It sees the whole path, and its route, parameters and body
 * limit replace those of the outer router.
 */
public final class Router implements HttpHandler {
    private static final List<String> STANDARD =
            List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE");

    private final RouteNode root;

    /** The nodes of the patterns without parameters, by path: most requests are found here. */
    private final Map<String, RouteNode> fixed;

    private Router(RouteNode root, Map<String, RouteNode> fixed) {
        this.root = root;
        this.fixed = fixed;
    }

    /** A builder without routes. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Response handle(Request request) throws Exception {
        RouteNode node = fixed.get(request.path());
        List<String> path = List.of();
        if (node == null) {
            if (request.path().equals("*")) {
                return Response.empty(204).with("Allow", String.join(", ", STANDARD.subList(0, STANDARD.size() - 1)));
            }
            path = segments(request);
            node = root.find(path, 0);
        }
        Route route = node == null ? null : node.route(request.method());
        if (node == null || route == null) {
            return unrouted(request, node);
        }
        request.routed(route.pattern(), path.isEmpty() ? Map.of() : route.parameters(path));
        if (route.maxBody() == Route.DEFAULT) {
            request.body().requireFits();
        } else {
            request.body().limit(route.maxBody());
        }
        return route.handler().handle(request);
    }

    private static Response unrouted(Request request, @Nullable RouteNode node) {
        if (!STANDARD.contains(request.method())) {
            throw HttpException.of(501, "Method not implemented");
        }
        if (node == null) {
            throw HttpException.of(404, "Not found");
        }
        if (request.method().equals("OPTIONS")) {
            return Response.empty(204).with("Allow", node.allowed());
        }
        throw HttpException.of(405, "Method not allowed").with("Allow", node.allowed());
    }

    private static List<String> segments(Request request) {
        List<String> segments = new ArrayList<>();
        for (String raw :
                request.path().substring(Math.min(1, request.path().length())).split("/", -1)) {
            String segment = Target.decode(raw);
            if (segment.indexOf('\0') >= 0) {
                throw HttpException.of(400, "Malformed request target: expected no NUL in its path");
            }
            segments.add(segment);
        }
        return segments;
    }

    /**
     * Collects routes. Owned by one thread.
     *
     * <p>All methods that add a route throw {@link IllegalArgumentException} if the pattern is malformed or there is a
     * route for this method and pattern already, and {@link IllegalStateException} after {@link #build}.
     */
    public static final class Builder {
        private final RouteNode root = new RouteNode();
        private final Map<String, RouteNode> fixed = new HashMap<>();
        private boolean built;

        private Builder() {}

        /** Adds a route for GET, with the body limit of the server. */
        @CanIgnoreReturnValue
        public Builder get(String pattern, HttpHandler handler) {
            return route("GET", pattern, handler);
        }

        /** Adds a route for POST, with the body limit of the server. */
        @CanIgnoreReturnValue
        public Builder post(String pattern, HttpHandler handler) {
            return route("POST", pattern, handler);
        }

        /** Adds a route for PUT, with the body limit of the server. */
        @CanIgnoreReturnValue
        public Builder put(String pattern, HttpHandler handler) {
            return route("PUT", pattern, handler);
        }

        /** Adds a route for DELETE, with the body limit of the server. */
        @CanIgnoreReturnValue
        public Builder delete(String pattern, HttpHandler handler) {
            return route("DELETE", pattern, handler);
        }

        /** Adds a route with the body limit of the server. */
        @CanIgnoreReturnValue
        public Builder route(String method, String pattern, HttpHandler handler) {
            return add(method, Route.of(pattern, Route.DEFAULT, handler));
        }

        /**
         * Adds a route with a body limit of its own.
         *
         * @param maxBody maximum size of a request's body in bytes; more is refused with 413
         */
        @CanIgnoreReturnValue
        public Builder route(String method, String pattern, long maxBody, HttpHandler handler) {
            if (maxBody < 0) {
                throw new IllegalArgumentException("expected a body of at least 0 bytes but was " + maxBody);
            }
            return add(method, Route.of(pattern, maxBody, handler));
        }

        private Builder add(String method, Route route) {
            if (!Syntax.isToken(method)) {
                throw new IllegalArgumentException("expected a method but was \"" + method + "\"");
            }
            if (built) {
                throw new IllegalStateException("expected all routes before build");
            }
            RouteNode node = root.grow(route.segments());
            node.add(method, route);
            if (!route.hasParameters()) {
                fixed.put(route.pattern(), node);
            }
            return this;
        }

        /** A router of these routes. The last call on a builder. */
        public Router build() {
            built = true;
            return new Router(root, Map.copyOf(fixed));
        }
    }
}
