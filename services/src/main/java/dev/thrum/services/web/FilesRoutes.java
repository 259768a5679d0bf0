package dev.thrum.services.web;

import dev.thrum.base.Clock;
import dev.thrum.base.IoWords;
import dev.thrum.http.files.FilesConfig;
import dev.thrum.http.files.StaticFiles;
import dev.thrum.http.server.Router;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A folder of files as a part of the web service, under {@code /files/}. */
public final class FilesRoutes implements Routes {
    private static final String MOUNT = "/files/";

    private final StaticFiles files;

    private FilesRoutes(StaticFiles files) {
        this.files = files;
    }

    public static FilesRoutes open(Path folder, Clock clock) throws IOException {
        return new FilesRoutes(files(folder, MOUNT, FilesConfig.defaults(), clock));
    }

    /**
     * The files in a folder.
     *
     * @throws IOException if it is not a folder that this user may read; the message has the reason
     */
    public static StaticFiles files(Path folder, String mount, FilesConfig config, Clock clock) throws IOException {
        try {
            return StaticFiles.of(folder, mount, config, clock);
        } catch (IOException e) {
            throw new IOException("cannot serve the files of " + folder + ": " + reason(e), e);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such folder";
            case NotDirectoryException _ -> "it is no folder; name the one it is in";
            case AccessDeniedException _ -> "this user may not read it";
            default -> IoWords.of(e);
        };
    }

    @Override
    public void addTo(Router.Builder routes) {
        routes.get(files.pattern(), files);
        routes.get(MOUNT.substring(0, MOUNT.length() - 1), files);
    }

    @Override
    public Map<String, String> endpoints() {
        return Map.of(MOUNT, "GET: the files of a folder");
    }

    @Override
    public Endpoint.Group group() {
        return new Endpoint.Group("Files", "", List.of(Endpoint.get(MOUNT, "The files of a folder.")));
    }
}
