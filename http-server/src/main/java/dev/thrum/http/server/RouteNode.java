package dev.thrum.http.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A node in the tree of routes, which has a level for each segment of a path. Built by one thread, then only read. */
final class RouteNode {
    private final Map<String, RouteNode> texts = new HashMap<>();
    private @Nullable RouteNode parameter;
    private @Nullable RouteNode rest;
    private final Map<String, Route> routes = new TreeMap<>();

    /** The value of {@code Allow}: the methods of this path, and HEAD and OPTIONS. */
    private String allow = "";

    /** The node of this pattern; created if there is none. */
    RouteNode grow(List<Route.Segment> path) {
        RouteNode node = this;
        for (Route.Segment segment : path) {
            node = switch (segment.kind()) {
                case TEXT -> node.texts.computeIfAbsent(segment.name(), _ -> new RouteNode());
                case PARAMETER -> node.growParameter();
                case REST -> node.growRest();
            };
        }
        return node;
    }

    private RouteNode growParameter() {
        RouteNode node = parameter == null ? new RouteNode() : parameter;
        parameter = node;
        return node;
    }

    private RouteNode growRest() {
        RouteNode node = rest == null ? new RouteNode() : rest;
        rest = node;
        return node;
    }

    /**
     * Adds a route to this node.
     *
     * @throws IllegalArgumentException if the method has one already
     */
    void add(String method, Route route) {
        if (routes.putIfAbsent(method, route) != null) {
            throw new IllegalArgumentException("expected one route for " + method + " " + route.pattern()
                    + " but there is " + routes.get(method).pattern() + " already");
        }
        allow = allow();
    }

    private String allow() {
        TreeMap<String, Boolean> methods = new TreeMap<>();
        routes.keySet().forEach(method -> methods.put(method, true));
        methods.put("OPTIONS", true);
        if (routes.containsKey("GET")) {
            methods.put("HEAD", true);
        }
        return String.join(", ", methods.keySet());
    }

    /** The value of {@code Allow} for this path. */
    String allowed() {
        return allow;
    }

    /** The route of a method; GET's for HEAD (RFC 9110, 9.3.2). */
    @Nullable
    Route route(String method) {
        Route route = routes.get(method);
        return route == null && method.equals("HEAD") ? routes.get("GET") : route;
    }

    /**
     * The node of these segments, from this index on: literal segments before parameters, parameters before the rest.
     */
    @Nullable
    RouteNode find(List<String> path, int from) {
        if (from == path.size()) {
            return routes.isEmpty() ? null : this;
        }
        RouteNode next = texts.get(path.get(from));
        RouteNode found = next == null ? null : next.find(path, from + 1);
        if (found == null && parameter != null && !path.get(from).isEmpty()) {
            found = parameter.find(path, from + 1);
        }
        return found == null ? rest : found;
    }
}
