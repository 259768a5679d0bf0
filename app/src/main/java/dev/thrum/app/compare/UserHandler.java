package dev.thrum.app.compare;

import dev.thrum.base.IoWords;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.line.LineConversation;
import dev.thrum.line.LineFormat;
import dev.thrum.line.LineHandler;
import dev.thrum.line.Lines;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A handler of the user's: a public class with a public constructor without parameters that is an {@link HttpHandler}, a {@link
 * LineHandler}, a {@link LineConversation} or a {@link ConnectionHandler}.
 *
 * @param handler serves the connections
 * @param isHttp whether it is asked over HTTP; otherwise it is asked in lines
 */
record UserHandler(ConnectionHandler handler, boolean isHttp) {
    /**
     * Loads it.
     *
     * @param jars where its classes are, beside Thrum's own
     * @throws IllegalArgumentException with a line for the user if that can't be done
     */
    static UserHandler load(String name, List<Path> jars) {
        Class<?> type = type(name, jars);
        Object first = instance(type);
        return switch (first) {
            case HttpHandler handler -> new UserHandler(HttpServer.over(handler, HttpConfig.defaults()), true);
            case HttpServer server -> new UserHandler(server, true);
            case ConnectionHandler handler -> new UserHandler(handler, false);
            case LineConversation lines -> new UserHandler(Lines.of(LineFormat.lf(), lines), false);
            case LineHandler _ ->
                new UserHandler(Lines.callbacks(LineFormat.lf(), () -> (LineHandler) instance(type)), false);
            default ->
                throw new IllegalArgumentException("expected --handler to name an HttpHandler, a LineHandler, a"
                        + " LineConversation or a ConnectionHandler but " + name + " is none of them");
        };
    }

    private static Class<?> type(String name, List<Path> jars) {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            if (!Files.isReadable(jar)) {
                throw new IllegalArgumentException("expected --jar to name a file that can be read but " + jar
                        + (Files.exists(jar) ? " can't be" : " isn't there"));
            }
            urls.add(url(jar));
        }
        try {
            // It stays open: the handler's classes are loaded when they are needed.
            URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), UserHandler.class.getClassLoader());
            return Class.forName(name, true, loader);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    "expected --handler to name a class " + where(jars) + " but " + name
                            + " isn't there: give its full name, and its file with --jar",
                    e);
        } catch (LinkageError e) {
            throw new IllegalArgumentException(
                    "expected " + name + " to be loaded but " + words(e)
                            + ": give the files of all that it uses with --jar, too",
                    e);
        }
    }

    private static String where(List<Path> jars) {
        return jars.isEmpty()
                ? "of Thrum, as there is no --jar,"
                : "in " + String.join(", ", jars.stream().map(Path::toString).toList());
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("expected --jar to name a file but was " + jar, e);
        }
    }

    private static Object instance(Class<?> type) {
        try {
            return type.getConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "expected the constructor of " + type.getName() + " to return but it threw "
                            + words(e.getTargetException()),
                    e);
        } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
            throw new IllegalArgumentException(
                    "expected --handler to name a public class with a public constructor" + " without parameters but "
                            + type.getName() + " isn't one",
                    e);
        } catch (LinkageError e) {
            throw new IllegalArgumentException(
                    "expected " + type.getName() + " to be loaded but " + words(e)
                            + ": give the files of all that it uses with --jar, too",
                    e);
        }
    }

    private static String words(Throwable e) {
        return e instanceof IOException failed
                ? IoWords.of(failed)
                : e.toString().lines().findFirst().orElse("");
    }
}
