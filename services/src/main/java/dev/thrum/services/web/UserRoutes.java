package dev.thrum.services.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thrum.base.Rfc3339;
import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.server.Router;
import dev.thrum.store.Page;
import dev.thrum.store.User;
import dev.thrum.store.UserRules;
import dev.thrum.store.Users;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The users, over HTTP. */
public final class UserRoutes implements Routes {
    private final Users users;

    public UserRoutes(Users users) {
        this.users = users;
    }

    private record Shown(
            long id,
            String name,
            String email,
            @JsonProperty("created_at") String createdAt) {
        static Shown of(User user) {
            return new Shown(user.id(), user.name(), user.email(), Rfc3339.text(user.createdAt()));
        }
    }

    @Override
    public void addTo(Router.Builder routes) {
        routes.get("/users", this::list).get("/users/{id}", this::show).post("/users", this::create);
    }

    @Override
    public Map<String, String> endpoints() {
        return Map.of(
                "/users",
                "GET, GET ?id=... or GET /users/...: users; POST {\"name\":\"...\",\"email\":\"...\"}: a new one");
    }

    @Override
    public Endpoint.Group group() {
        return new Endpoint.Group(
                "Users",
                "",
                List.of(
                        Endpoint.get("/users", "The users, the newest first; ?limit=10&after=50 gives a part of them."),
                        Endpoint.post("/users", "{\"name\":\"Ann\",\"email\":\"ann@example.org\"}", "Adds a user."),
                        Endpoint.get("/users/1", "One user.")));
    }

    private Response list(Request request) throws InterruptedException {
        Optional<String> id = request.parameter("id");
        if (id.isPresent()) {
            return user(request, id.get());
        }
        Page page = Paging.page(request);
        List<User> found = StoreFaults.await(users.list(Paging.andOneMore(page)));
        return Paging.response(request, page, found, User::id, Shown::of);
    }

    private Response show(Request request) throws InterruptedException {
        return user(request, request.pathParameter("id"));
    }

    private Response user(Request request, String text) throws InterruptedException {
        long id = Paging.id(text).orElseThrow(() -> HttpException.of(400, "Invalid user ID"));
        User user = StoreFaults.await(users.find(id)).orElseThrow(() -> HttpException.of(404, "User does not exist"));
        return Json.response(request, 200, Shown.of(user));
    }

    private Response create(Request request) throws Exception {
        JsonFields fields = Json.read(request);
        String name = fields.text("name");
        String email = fields.text("email");
        fields.requireNoMore();
        UserRules.problem(name, email).ifPresent(problem -> {
            throw HttpException.of(400, problem.message()).blaming(problem.field());
        });
        User user = StoreFaults.await(users.create(name, email))
                .orElseThrow(() -> HttpException.of(409, "Email already exists"));
        return Json.response(request, 201, Shown.of(user)).with("Location", "/users/" + user.id());
    }
}
