package dev.thrum.services.web;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Response;
import dev.thrum.http.server.ErrorFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Errors as {@code {"error":"..."}}, with {@code "field"} if one field is the cause. */
public final class JsonErrors implements ErrorFormat {
    @Override
    public Response response(HttpException error, Headers asked) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("error", error.message());
        error.field().ifPresent(field -> body.put("field", field));
        return Json.response(error.status(), body);
    }
}
